/**
 * Goes through the runs of a site once, and keeps of each only what its pages need.
 *
 * @module
 */
import type { ClaimVerdict, MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { type FleetRun, fleetRunOf } from "../fleet/fleet_run.ts";
import { marksOf, stepsOf, type TrendRun } from "../history/trend.ts";
import { compareDataOf } from "./compare_data.ts";
import { type Curve, curvesOf } from "./curves.ts";
import { orderOf } from "./model/appearance.ts";
import { DEFAULTS } from "./model/choices.ts";
import type { CompareData } from "./model/comparison.ts";
import { type Ranking, rankingOf } from "./model/ranking.ts";
import { placementWords, type Row, rowsOf, slicesIn, workloadsIn } from "./model/rows.ts";
import type { HistoryData, TrendLine } from "./model/trend.ts";
import { atWords, rowAt, type View, viewOf } from "./model/view.ts";

/** So many of the newest runs are kept whole, for comparison and download. */
const RECENT = 6;

export interface Collected {
  /** The newest run, which the pages are about. */
  run: RunDocument;
  /** Its measured rows without the controls, and the controls. */
  rows: Row[];
  controls: Row[];
  /** Ids in the order in which pages list them. */
  facilities: string[];
  workloads: string[];
  /** Each workload's usual slice, and its ranking there; without those that nothing was measured of. */
  usual: ReadonlyMap<string, { view: View; ranking: Ranking }>;
  /** Every slice of each workload. */
  views: ReadonlyMap<string, readonly View[]>;
  /** The newest runs as they were given, to be taken away; newest last. */
  recent: RunDocument[];
  compare: CompareData;
  history: HistoryData;
  /** What the hosts of all runs are compared by. */
  fleet: FleetRun[];
  /** How many runs were gone through, and how many of them are of another machine. */
  count: number;
  strangers: number;
}

type Figures = [estimate: number, low: number, high: number];

/** What the history needs of a run. */
interface Digest extends TrendRun {
  machineKey: string;
  figures: Map<string, Figures>;
}

function digestOf(run: RunDocument): Digest {
  const { host, tool, settings } = run;
  const measured = run.cells.filter((cell) => cell.status === "measured" && !cell.control);
  return {
    id: run.id,
    startedAt: run.startedAt,
    machineKey: host.machineKey,
    hostname: host.hostname,
    kernel: host.kernel,
    deno: tool.deno,
    version: tool.version,
    profile: settings.profile,
    figures: new Map((measured as MeasuredCell[]).map((cell) => [
      cell.id,
      [cell.estimate, ...cell.ci95],
    ])),
  };
}

/**
 * Collects what a site needs; `claims` stand for those of the newest run, where there are any.
 *
 * @throws {RangeError} when there is no run
 */
export async function collect(
  runs: Iterable<RunDocument> | AsyncIterable<RunDocument>,
  claims: readonly ClaimVerdict[] = [],
  signal?: AbortSignal,
): Promise<Collected> {
  const digests: Digest[] = [];
  const fleet: FleetRun[] = [];
  let recent: RunDocument[] = [];
  const byTime = (a: { startedAt: string }, b: { startedAt: string }) =>
    Date.parse(a.startedAt) - Date.parse(b.startedAt);
  for await (const given of runs) {
    const run = presentable(given);
    signal?.throwIfAborted();
    digests.push(digestOf(run));
    fleet.push(fleetRunOf(run));
    recent = [...recent, given].sort(byTime).slice(-RECENT);
  }
  const newest = recent.at(-1);
  if (!newest) throw new RangeError("Cannot make a report: there is no run to report on");
  const run = presentable(claims.length > 0 ? { ...newest, claims: [...claims] } : newest);
  digests.sort(byTime);
  const curves: Record<string, Curve> = curvesOf(run.cells);
  const all = rowsOf(run).map((row) => ({ ...row, curve: curves[row.id] }));
  const rows = all.filter((row) => !row.control);
  const cells = run.cells.filter((cell) => !cell.control);
  const ids = new Set([
    ...cells.map((cell) => cell.facility),
    ...run.claims.map((claim) => claim.facility),
  ]);
  const kin = digests.filter((digest) => digest.machineKey === run.host.machineKey);
  const workloads = workloadsIn(cells);
  const usual = new Map(workloads.flatMap((workload) => {
    const view = viewOf(workload, rows);
    return view ? [[workload, { view, ranking: rankingOf(view) }]] : [];
  }));
  return {
    run,
    rows,
    usual,
    views: new Map(workloads.map((workload) => [workload, viewsOf(workload, rows)])),
    controls: all.filter((row) => row.control),
    facilities: [...ids].sort((a, b) => orderOf(a) - orderOf(b) || a.localeCompare(b)),
    workloads,
    recent,
    compare: compareDataOf(presentable(recent)),
    history: historyOf(usual, kin),
    fleet,
    count: digests.length,
    strangers: digests.length - kin.length,
  };
}

function viewsOf(workload: string, rows: readonly Row[]): View[] {
  const own = rows.filter((row) => row.workload === workload);
  return slicesIn(own).map((slice) => viewOf(workload, own, DEFAULTS, slice)!);
}

/** The best series of each facility in the usual slice of each workload, over all runs. */
function historyOf(usual: Collected["usual"], digests: readonly Digest[]): HistoryData {
  const lines: TrendLine[] = [];
  const places: Record<string, string> = {};
  for (const [workload, { view }] of usual) {
    const at = atWords(view);
    places[workload] = `${placementWords(view.slice.placement)}${at && `, ${at}`}`;
    for (const series of view.series) {
      const row = view.leading.has(series.key) ? rowAt(view, series) : undefined;
      if (row) lines.push(lineOf(row, series, digests));
    }
  }
  return {
    runs: digests.map(({ id, startedAt }) => ({ id, startedAt })),
    lines,
    turns: marksOf(digests).map(({ index, facts }) => ({ at: index, words: facts.join(", ") })),
    places,
  };
}

function lineOf(
  row: Row,
  series: { key: string; label: string },
  digests: readonly Digest[],
): TrendLine {
  const short = (value: number) => Number(value.toPrecision(5));
  const figures = digests.map((digest) => digest.figures.get(row.id) ?? null);
  const points = digests.flatMap((run, at) => {
    const figure = figures[at];
    return figure ? [{ at, run, estimate: figure[0] }] : [];
  });
  return {
    key: series.key,
    workload: row.workload,
    facility: row.facility,
    label: series.label,
    unit: row.unit,
    better: row.better,
    figures: figures.map((figure) => figure && figure.map(short) as Figures),
    steps: stepsOf(points).map((step) => ({
      at: points[step.index]!.at,
      before: short(step.before),
      after: short(step.after),
      p: step.p,
      with: step.with,
    })),
  };
}
