/**
 * The parts of a page that follow the reader's choices. They are rendered into the page when it is
 * made, and again in the browser when a choice changes.
 *
 * @module
 */
import type { VNode } from "preact";
import { advise } from "../../advise/answer.ts";
import { contradiction, requirementsOf } from "../../advise/requirements.ts";
import { Advice } from "../components/advice.tsx";
import { Figure } from "../components/figure.tsx";
import { RankingTable } from "../components/ranking.tsx";
import { Differences, EVERY, Facts, ManyDifferences } from "../components/compare.tsx";
import { Steps } from "../components/steps.tsx";
import { type AdviceData, askedIn } from "../model/advice.ts";
import { type ChartModel, chartsOf, contextOf, sizeChart, waitChart } from "../model/charts.ts";
import { type Choices, DEFAULTS } from "../model/choices.ts";
import { type CompareData, outcomeWords, pairOf } from "../model/comparison.ts";
import { placementChart } from "../model/matrix.ts";
import { rankingOf } from "../model/ranking.ts";
import { type Row, titled } from "../model/rows.ts";
import { type HistoryData, trendChart } from "../model/trend.ts";
import { viewOf } from "../model/view.ts";

/** What the views of a page are made from. */
export interface PageData {
  rows: readonly Row[];
  /** Charts that follow no choice, by name. */
  charts?: Record<string, ChartModel>;
  compare?: CompareData;
  history?: HistoryData;
  advice?: AdviceData;
}

/** What names one view on a page; they stand as `data-` attributes on its element. */
export interface ViewArguments {
  view: string;
  workload?: string;
  facility?: string;
  chart?: string;
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

/** The size curve with one facility before all others, and its own figures in a table. */
const facility: Maker = ({ rows }, choices, { workload = "", facility = "" }) => {
  const known = viewOf(workload, rows, choices);
  if (!known) return NOTHING;
  // All series of the facility itself are of interest, whatever waiting strategy is the best.
  const own = known.series.filter((series) => series.facility === facility);
  const show = new Set([...choices.show, ...own.map(({ key }) => key)]);
  const view = { ...known, choices: { ...choices, show } };
  const chart = sizeChart(view);
  const charts = [chart && { ...chart, focus: facility }, waitChart(view)].filter((chart) =>
    chart !== null
  ).filter((chart) => chart.kind !== "heat" || own.some(({ wait }) => wait !== undefined));
  const ranking = rankingOf(view);
  return {
    charts,
    node: (
      <>
        <RankingTable ranking={ranking} title={titled(workload)} focus={facility} />
        <div class="charts">
          {charts.map((chart) => <Figure key={chart.id} chart={chart} choices={choices} />)}
        </div>
      </>
    ),
  };
};

/** The heat maps of one workload. */
const matrix: Maker = ({ rows }, choices, { workload = "" }) => {
  const view = viewOf(workload, rows, choices);
  const charts = [view && waitChart(view), placementChart(workload, rows, choices)]
    .filter((chart) => chart !== null && chart !== undefined);
  if (charts.length === 0) return NOTHING;
  return {
    charts,
    node: (
      <div class="charts">
        {charts.map((chart) => (
          <Figure key={chart.id} chart={{ ...chart, wide: true }} choices={choices} />
        ))}
      </div>
    ),
  };
};

/** A chart that follows no choice. */
const fixed: Maker = ({ charts = {} }, choices, { chart = "" }) => {
  const model = charts[chart];
  if (!model) return NOTHING;
  return { charts: [model], node: <Figure chart={model} choices={choices} /> };
};

const compare: Maker = ({ compare }, choices) => {
  if (!compare) return NOTHING;
  const { runs } = compare;
  const indexOf = (id: string | undefined, usual: number) => {
    const index = runs.findIndex((run) => run.id === id);
    return index < 0 ? usual : index;
  };
  const to = indexOf(choices.to, runs.length - 1);
  const from = indexOf(choices.from, Math.max(0, runs.length - 2));
  const every = choices.to === EVERY;
  const facts = every
    ? [runs[from]!, ...runs.filter((_, index) => index !== from)]
    : [runs[from]!, runs[to]!];
  const pair = every ? undefined : pairOf(compare, from, to);
  return {
    charts: [],
    node: (
      <>
        <Facts runs={facts} pair={pair} />
        {new Set(facts.map(({ machineKey }) => machineKey)).size > 1 && (
          <p class="notice">
            <strong>These are different machines:</strong>{" "}
            what differs may be the machine and not its software.
          </p>
        )}
        <h2>{choices.all ? "All cells" : "What differs"}</h2>
        {every ? <ManyDifferences data={compare} from={from} all={choices.all} /> : pair
          ? (
            <>
              <p class="lead">{outcomeWords(pair)}</p>
              <Differences data={compare} pair={pair} from={from} to={to} all={choices.all} />
            </>
          )
          : <p>{from === to ? "This is one run twice." : "The two runs have no cell in common."}
          </p>}
      </>
    ),
  };
};

const history: Maker = ({ history }, choices) => {
  if (!history) return NOTHING;
  const workloads = [...new Set(history.lines.map((line) => line.workload))];
  const workload = workloads.find((id) => id === choices.workload) ?? workloads[0];
  const chart = workload === undefined ? null : trendChart(history, workload, choices);
  if (!chart) return { charts: [], node: <p>A trend needs at least two runs of this machine.</p> };
  return {
    charts: [chart],
    node: (
      <>
        <Figure chart={chart} choices={choices} />
        <Steps data={history} workload={workload!} />
      </>
    ),
  };
};

/** Which facility to use for what the reader asks. */
const advice: Maker = ({ rows, advice }, choices) => {
  if (!advice) return NOTHING;
  const asked = askedIn(choices);
  const wrong = contradiction(asked);
  if (wrong) {
    const words = wrong.replaceAll("--", "");
    return { charts: [], node: <p class="notice" role="status">{words}</p> };
  }
  const answer = advise(requirementsOf(asked), advice.facilities, { ...advice, rows });
  return { charts: [], node: <Advice answer={answer} pages={advice.pages} /> };
};

const MAKERS: Record<string, Maker> = {
  ranking,
  workload,
  curve,
  facility,
  matrix,
  fixed,
  compare,
  history,
  advice,
};

/**
 * Renders one view. One element holds it all: what a page was made with goes only from within an
 * element that is rendered again.
 */
export function renderView(data: PageData, choices: Choices, args: ViewArguments): Rendered {
  const { node, charts } = MAKERS[args.view]?.(data, choices, args) ?? NOTHING;
  return { charts, node: <div>{node}</div> };
}

/** The element of a view, with what it shows by default. */
export function ViewRoot({ data, ...args }: ViewArguments & { data: PageData }) {
  return (
    <div
      class="view"
      data-view={args.view}
      data-workload={args.workload}
      data-facility={args.facility}
      data-chart-name={args.chart}
    >
      {renderView(data, DEFAULTS, args).node}
    </div>
  );
}
