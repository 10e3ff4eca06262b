/**
 * A chart with its title, its summary in words, and its table; the page's script draws on the canvas.
 *
 * @module
 */
import type { ChartModel } from "../model/charts.ts";
import { FigureTable } from "./parts.tsx";

export function Figure({ chart }: { chart: ChartModel }) {
  const label = `${chart.context}: ${chart.title}`;
  return (
    <figure class={`chart chart-${chart.kind}`} data-chart={chart.id} id={chart.id}>
      <figcaption>
        <h4>{chart.title}</h4>
        <p class="summary">{chart.summary}</p>
      </figcaption>
      <div
        class="tools js-only"
        role="group"
        aria-label={`${chart.context}: ${chart.title}, tools`}
      >
      </div>
      <div class="canvas-box js-only">
        <canvas role="img" aria-label={`${chart.title}. ${chart.summary}`}></canvas>
      </div>
      <div class="legend js-only"></div>
      <p class="reading">{chart.reading}</p>
      <details>
        <summary>The figures behind this chart</summary>
        <FigureTable table={chart.table} label={label} />
      </details>
    </figure>
  );
}
