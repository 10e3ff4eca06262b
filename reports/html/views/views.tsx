/**
 * The parts of a page that follow the reader's choices. They are rendered into the page when it is
 * made, and again in the browser when a choice changes.
 *
 * @module
 */
import type { VNode } from "preact";
import { Figure } from "../components/figure.tsx";
import { RankingTable } from "../components/ranking.tsx";
import { type ChartModel, chartsOf, contextOf, sizeChart } from "../model/charts.ts";
import { type Choices, DEFAULTS } from "../model/choices.ts";
import { rankingOf } from "../model/ranking.ts";
import { type Row, titled } from "../model/rows.ts";
import { viewOf } from "../model/view.ts";

/** What the views of a page are made from. */
export interface PageData {
  rows: readonly Row[];
}

/** What names one view on a page; they stand as `data-` attributes on its element. */
export interface ViewArguments {
  view: string;
  workload?: string;
  facility?: string;
}

export interface Rendered {
  node: VNode | null;
  charts: ChartModel[];
}

const NOTHING: Rendered = { node: null, charts: [] };

type Maker = (data: PageData, choices: Choices, args: ViewArguments) => Rendered;

/** The ranking of one workload. */
const ranking: Maker = ({ rows }, choices, { workload = "" }) => {
  const view = viewOf(workload, rows, choices);
  if (!view) return NOTHING;
  return {
    node: <RankingTable ranking={rankingOf(view)} title={titled(workload)} />,
    charts: [],
  };
};

/** All that is known of one workload: every series in a table, and every chart it fills. */
const workload: Maker = ({ rows }, choices, { workload = "" }) => {
  const view = viewOf(workload, rows, choices);
  if (!view) return NOTHING;
  const brief = rankingOf(view);
  const every = rankingOf(view, { everySeries: true });
  const charts = chartsOf(view);
  return {
    charts,
    node: (
      <>
        <h3>{contextOf(workload, view.slice)}</h3>
        {every.places.length > brief.places.length && (
          <details>
            <summary>All {every.places.length} series at this size, ranked</summary>
            <RankingTable ranking={every} title={`${titled(workload)}, all series`} />
          </details>
        )}
        <div class="charts">
          {charts.map((chart) => <Figure key={chart.id} chart={chart} choices={choices} />)}
        </div>
      </>
    ),
  };
};

/** The size curve alone. */
const curve: Maker = ({ rows }, choices, { workload = "" }) => {
  const view = viewOf(workload, rows, choices);
  const chart = view && sizeChart(view);
  if (!chart) return NOTHING;
  return { charts: [chart], node: <Figure chart={chart} choices={choices} /> };
};

const MAKERS: Record<string, Maker> = { ranking, workload, curve };

/** Renders one view. */
export function renderView(data: PageData, choices: Choices, args: ViewArguments): Rendered {
  return MAKERS[args.view]?.(data, choices, args) ?? NOTHING;
}

/** The element of a view, with what it shows by default. */
export function ViewRoot({ data, ...args }: ViewArguments & { data: PageData }) {
  return (
    <div
      class="view"
      data-view={args.view}
      data-workload={args.workload}
      data-facility={args.facility}
    >
      {renderView(data, DEFAULTS, args).node}
    </div>
  );
}
