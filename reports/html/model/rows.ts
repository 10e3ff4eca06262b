/**
 * Measured cells as the pages use them, and how they group into series and slices.
 *
 * These functions run on both sides: while a report is made, and in the page when its reader chooses.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../../workloads/runner/document.ts";
import { lookOf, orderOf } from "./appearance.ts";
import { bytes } from "./format.ts";

/** A measured cell without what no chart shows: its trials are their figures alone. */
export type Row =
  & Pick<
    MeasuredCell,
    | "id"
    | "facility"
    | "variant"
    | "workload"
    | "sizeBytes"
    | "placement"
    | "participants"
    | "count"
    | "wait"
    | "awake"
    | "control"
    | "parameters"
    | "unit"
    | "better"
    | "estimate"
    | "ci95"
    | "percentiles"
    | "batch"
  >
  & {
    /** Each trial's own figure, in the cell's unit. */
    trials: number[];
    /** Operations over all trials. */
    operations: number;
    /** CPU time of all participants an operation, ns. */
    cpuNs?: number;
    /** Pairs of a share of operations and the nanoseconds that share stayed within. */
    curve?: [share: number, ns: number][];
  };

export function rowsOf(cells: RunDocument["cells"]): Row[] {
  return cells.filter((cell) => cell.status === "measured").map((cell) => ({
    id: cell.id,
    facility: cell.facility,
    variant: cell.variant,
    workload: cell.workload,
    sizeBytes: cell.sizeBytes,
    placement: cell.placement,
    participants: cell.participants,
    count: cell.count,
    wait: cell.wait,
    awake: cell.awake,
    control: cell.control,
    parameters: cell.parameters,
    unit: cell.unit,
    better: cell.better,
    estimate: cell.estimate,
    ci95: cell.ci95,
    percentiles: cell.percentiles,
    batch: cell.batch,
    trials: cell.trials.map((trial) => trial.estimate),
    operations: cell.trials.reduce((sum, trial) => sum + trial.operations, 0),
    cpuNs: cell.cost?.cpuNsPerOp,
  }));
}

const WORKLOAD_ORDER = ["round-trip", "one-way", "paced", "throughput"];
const PLACEMENT_ORDER = [
  "same-cpu",
  "smt",
  "same-cache",
  "cross-cache",
  "cross-socket",
  "cross-cpu",
  "unpinned",
];

function ranked(order: readonly string[], word: string): number {
  const index = order.indexOf(word);
  return index < 0 ? order.length : index;
}

export function inOrder(words: Iterable<string>, order: readonly string[]): string[] {
  return [...new Set(words)].sort((a, b) =>
    ranked(order, a) - ranked(order, b) || a.localeCompare(b)
  );
}

export const workloadsIn = (cells: Iterable<{ workload: string }>): string[] =>
  inOrder([...cells].map((cell) => cell.workload), WORKLOAD_ORDER);

export const placementsIn = (cells: Iterable<{ placement: string }>): string[] =>
  inOrder([...cells].map((cell) => cell.placement), PLACEMENT_ORDER);

/** An id as words: `round-trip` becomes `Round trip`. */
export function titled(id: string): string {
  const words = id.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const PLACEMENT_WORDS: Record<string, string> = {
  "same-cpu": "on one CPU",
  smt: "on two threads of one core",
  "same-cache": "across two CPUs that share a cache",
  "cross-cache": "across two CPUs without a shared cache",
  "cross-socket": "across two sockets",
  "cross-cpu": "across two CPUs",
  unpinned: "wherever the scheduler put them",
};

export function placementWords(placement: string): string {
  return PLACEMENT_WORDS[placement] ?? `at ${placement}`;
}

/** What every cell of one comparison has in common beside its workload. */
export interface Slice {
  placement: string;
  participants: "process" | "thread";
  awake: boolean;
}

export function sameSlice(a: Slice, b: Slice): boolean {
  return a.placement === b.placement && a.participants === b.participants && a.awake === b.awake;
}

export function inSlice(row: Row, slice: Slice): boolean {
  return sameSlice(row, slice);
}

/** The slices of some rows, the most usual first: processes before threads, near before far. */
export function slicesIn(rows: Iterable<Slice>): Slice[] {
  const found = new Map<string, Slice>();
  for (const { placement, participants, awake } of rows) {
    found.set(`${placement}\0${participants}\0${awake}`, { placement, participants, awake });
  }
  return [...found.values()].sort((a, b) =>
    a.participants.localeCompare(b.participants) || Number(b.awake) - Number(a.awake) ||
    ranked(PLACEMENT_ORDER, a.placement) - ranked(PLACEMENT_ORDER, b.placement) ||
    a.placement.localeCompare(b.placement)
  );
}

/** The rows that one line of a chart joins: all that differ in size alone. */
export interface Series {
  key: string;
  label: string;
  facility: string;
  wait?: string;
  rows: Row[];
}

function parametersOf(row: Row): string {
  return Object.entries(row.parameters ?? {}).map(([name, value]) => `${name} ${value}`).join(", ");
}

/**
 * Groups the rows of one workload and slice by all that is neither size nor slice; a label names the
 * facility and, of the rest, only what tells its series apart.
 */
export function seriesOf(rows: readonly Row[]): Series[] {
  const groups = new Map<string, Series>();
  const counts = new Set(rows.map((row) => row.count));
  for (const row of rows) {
    const details = [
      row.variant,
      row.wait,
      parametersOf(row),
      counts.size > 1 ? `${row.count} participants` : undefined,
    ].filter((word) => word);
    const key = [row.facility, ...details].join("\0");
    const series = groups.get(key);
    if (series) series.rows.push(row);
    else {
      groups.set(key, {
        key,
        label: [lookOf(row.facility).title, ...details].join(" · "),
        facility: row.facility,
        wait: row.wait,
        rows: [row],
      });
    }
  }
  const series = [...groups.values()];
  for (const { rows } of series) rows.sort((a, b) => (a.sizeBytes ?? 0) - (b.sizeBytes ?? 0));
  return series.sort((a, b) =>
    orderOf(a.facility) - orderOf(b.facility) || a.label.localeCompare(b.label)
  );
}

export function sizesIn(rows: Iterable<{ sizeBytes?: number }>): number[] {
  const sizes = new Set<number>();
  for (const { sizeBytes } of rows) if (sizeBytes !== undefined) sizes.add(sizeBytes);
  return [...sizes].sort((a, b) => a - b);
}

/**
 * The size at which a workload is ranked: of those that nearly all of its series have, the nearest to
 * 64 bytes, or to 64 KiB where more is better. Undefined for a workload without sizes.
 */
export function rankedSize(rows: readonly Row[]): number | undefined {
  const sizes = sizesIn(rows);
  if (sizes.length === 0) return undefined;
  const reach = new Map(sizes.map((size) => [
    size,
    new Set(rows.filter((row) => row.sizeBytes === size).map((row) => row.facility)).size,
  ]));
  const most = Math.max(...reach.values());
  const target = rows[0]?.better === "higher" ? 65_536 : 64;
  const usual = sizes.filter((size) => reach.get(size)! >= most * 0.8);
  return usual.sort((a, b) => Math.abs(Math.log(a / target)) - Math.abs(Math.log(b / target)))[0];
}

export function sizeWords(size: number | undefined): string {
  return size === undefined ? "" : bytes(size);
}

/** How often `a` is worse than `b`, both figures of one workload: 2 where it takes twice as long. */
export function timesWorse(a: Row, b: Row): number {
  return a.better === "lower" ? a.estimate / b.estimate : b.estimate / a.estimate;
}

export function byMerit(a: Row, b: Row): number {
  return a.better === "lower" ? a.estimate - b.estimate : b.estimate - a.estimate;
}

export function intervalsOverlap(a: Row, b: Row): boolean {
  return a.ci95[0] <= b.ci95[1] && b.ci95[0] <= a.ci95[1];
}
