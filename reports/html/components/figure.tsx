/**
 * A chart with its title, its summary in words, its legend and its table; the page's script draws on
 * the canvas.
 *
 * @module
 */
import type { Axis, ChartModel, Line } from "../model/charts.ts";
import { type Choices, DEFAULTS } from "../model/choices.ts";
import { count } from "../model/format.ts";
import { FigureTable, Mark } from "./parts.tsx";

function axesOf(chart: ChartModel): Axis[] {
  if (chart.kind === "curve") return [chart.x, chart.y];
  return chart.kind === "box" ? [chart.x] : [];
}

/** Whether the chart has an axis that may be drawn linear instead. */
function canBeLinear(chart: ChartModel): boolean {
  return axesOf(chart).some((axis) => axis.scale === "log" && !axis.at);
}

function Tools({ chart, choices }: { chart: ChartModel; choices: Choices }) {
  const linear = choices.linear.has(chart.topic);
  return (
    <div class="tools js-only" role="group" aria-label={`${chart.context}: ${chart.title}, tools`}>
      {canBeLinear(chart) && (
        <span class="switch">
          <button type="button" data-action="log" aria-pressed={!linear}>Log</button>
          <button type="button" data-action="linear" aria-pressed={linear}>Linear</button>
        </span>
      )}
      {chart.kind === "box" && (
        <span class="switch">
          <button type="button" data-action="box" aria-pressed={!choices.violin}>Boxes</button>
          <button type="button" data-action="violin" aria-pressed={choices.violin}>Violins</button>
        </span>
      )}
      <span class="downloads">
        <button type="button" data-action="png">PNG</button>
        <button type="button" data-action="csv">CSV</button>
      </span>
    </div>
  );
}

function LegendItem({ line }: { line: Line }) {
  return (
    <button
      type="button"
      data-action="series"
      data-key={line.key}
      aria-pressed={line.shown}
    >
      <Mark facility={line.facility} />
      <span>{line.label}</span>
    </button>
  );
}

/** What is drawn, and folded away what is drawn only when asked for. */
function Legend({ chart }: { chart: ChartModel }) {
  if (chart.kind !== "curve") return null;
  const near = chart.lines.filter((line) => !line.spare);
  const spare = chart.lines.filter((line) => line.spare);
  const label = `${chart.context}: ${chart.title}, legend`;
  return (
    <div class="legend js-only" role="group" aria-label={label}>
      {near.map((line) => <LegendItem key={line.key} line={line} />)}
      {spare.length > 0 && (
        <details key="spare">
          <summary>{count(spare.length, "more series")}</summary>
          <div>{spare.map((line) => <LegendItem key={line.key} line={line} />)}</div>
        </details>
      )}
    </div>
  );
}

export function Figure({ chart, choices = DEFAULTS }: { chart: ChartModel; choices?: Choices }) {
  return (
    <figure
      key={chart.id}
      class={`chart chart-${chart.kind}${chart.wide ? " wide" : ""}`}
      data-chart={chart.id}
      data-topic={chart.topic}
      id={chart.id}
    >
      <figcaption>
        <h3 class="chart-title">{chart.title}</h3>
        <p class="summary">{chart.summary}</p>
      </figcaption>
      <Tools chart={chart} choices={choices} />
      <div class="canvas-box js-only">
        <canvas role="img" aria-label={`${chart.title}. ${chart.summary}`}></canvas>
      </div>
      <Legend chart={chart} />
      <p class="reading">{chart.reading}</p>
      <details>
        <summary>The figures behind this chart</summary>
        <FigureTable table={chart.table} label={`${chart.context}: ${chart.title}`} />
      </details>
    </figure>
  );
}
