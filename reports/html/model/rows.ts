/**
 * Measured cells as the pages use them, and how they group into series and slices.
 *
 * These functions run on both sides: while a report is made, and in the page when its reader chooses.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../../workloads/runner/document.ts";
import { orderOf } from "./appearance.ts";
import { bytes, count, digits, quantity } from "./format.ts";
import { asWords, titlesFrom } from "./titles.ts";

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
    /** What its facility is called. */
    title: string;
    /** What its variant is called. */
    variantTitle?: string;
    /** Each trial's own figure, in the cell's unit. */
    trials: number[];
    /** False where there were too few trials for a 95 % interval; `ci95` is then their range. */
    sure?: false;
    /** Operations over all trials. */
    operations: number;
    /** CPU time of all participants an operation, ns. */
    cpuNs?: number;
    /** Pairs of a share of operations and the nanoseconds that share stayed within. */
    curve?: [share: number, ns: number][];
  };

export function rowsOf({ cells, facilities }: Pick<RunDocument, "cells" | "facilities">): Row[] {
  const titles = titlesFrom(facilities);
  return cells.filter((cell) => cell.status === "measured").map((cell) => ({
    id: cell.id,
    facility: cell.facility,
    title: titles.facility(cell.facility),
    variant: cell.variant,
    variantTitle: cell.variant && titles.variant(cell.facility, cell.variant),
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
    ...(cell.ciMethod === "none" ? { sure: false as const } : {}),
    trials: cell.trials.map((trial) => trial.estimate),
    operations: cell.trials.reduce((sum, trial) => sum + trial.operations, 0),
    cpuNs: cell.cost?.cpuNsPerOp,
  }));
}

const WORKLOAD_ORDER = [
  "round-trip",
  "throughput",
  "one-way",
  "paced",
  "hand-off",
  "uncontended",
  "contended",
  "lock-hand-off",
];
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

/** Titles that are not just the id's words. */
const TITLES: Record<string, string> = {
  "hand-off": "Hand-off",
  "lock-hand-off": "Lock hand-off",
  "uncontended": "Uncontended lock",
  "contended": "Contended lock",
  "null-call": "Empty FFI call",
  "null-syscall": "Null system call",
  "clock": "Clock reading",
  "memcpy": "Memory copy",
  "fan-in": "Fan-in",
  "fan-out": "Fan-out",
};

/** An id as words: `round-trip` becomes `Round trip`. */
export function titled(id: string): string {
  return Object.hasOwn(TITLES, id) ? TITLES[id]! : asWords(id);
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
  /** The facility, and after a tilde each what tells the series apart: `memfd~futex`. */
  key: string;
  label: string;
  facility: string;
  wait?: string;
  rows: Row[];
}

/** What a workload's rows are laid out along: the first that all have and that takes several values. */
export type Dimension =
  | { kind: "size" }
  | { kind: "count" }
  | { kind: "parameter"; name: string };

export function valueAt(row: Row, dimension: Dimension | undefined): number | undefined {
  switch (dimension?.kind) {
    case "size":
      return row.sizeBytes;
    case "count":
      return row.count;
    case "parameter": {
      const value = row.parameters?.[dimension.name];
      return typeof value === "number" ? value : undefined;
    }
  }
}

/** Message size, number of participants, or a parameter that is a number; undefined for none. */
export function dimensionOf(rows: readonly Row[]): Dimension | undefined {
  const names = new Set(rows.flatMap((row) => Object.keys(row.parameters ?? {})));
  const candidates: Dimension[] = [
    { kind: "size" },
    ...[...names].sort().map((name): Dimension => ({ kind: "parameter", name })),
    { kind: "count" },
  ];
  return candidates.find((dimension) => {
    const values = new Set(rows.map((row) => valueAt(row, dimension)));
    return values.size > 1 && !values.has(undefined);
  });
}

/** The values that rows take along a dimension, least first. */
export function valuesAlong(rows: readonly Row[], dimension: Dimension | undefined): number[] {
  const values = new Set<number>();
  for (const row of rows) {
    const value = valueAt(row, dimension);
    if (value !== undefined) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** A parameter's value by the unit that ends its name: `gapNs` is a time. */
function parameterWords(name: string, value: number | string): string {
  if (typeof value === "string") return `${name} ${value}`;
  if (name.endsWith("Ns")) return `${parameterTitle(name)} ${quantity(value, "ns")}`;
  if (name.endsWith("Bytes")) return `${parameterTitle(name)} ${bytes(value)}`;
  return `${parameterTitle(name)} ${digits(value)}`;
}

/** `gapNs` becomes `gap`. */
export function parameterTitle(name: string): string {
  return name.replace(/(?:Ns|Bytes)$/, "").replace(
    /(?<=[a-z])[A-Z]/g,
    (c) => ` ${c.toLowerCase()}`,
  );
}

/** What a chart's axis along a dimension is called. */
export function dimensionTitle(dimension: Dimension): string {
  switch (dimension.kind) {
    case "size":
      return "Message size";
    case "count":
      return "Participants";
    case "parameter":
      return titled(parameterTitle(dimension.name));
  }
}

/** A place on a dimension: `64 B`, `4 participants`, `gap 1 ms`. */
export function valueWords(dimension: Dimension | undefined, value: number): string {
  switch (dimension?.kind) {
    case undefined:
      return "";
    case "size":
      return bytes(value);
    case "count":
      return count(value, "participant");
    case "parameter":
      return parameterWords(dimension.name, value);
  }
}

/**
 * Groups the rows of one workload and slice by all that is neither the dimension nor the slice; a
 * label names the facility and, of the rest, only what tells its series apart.
 */
export function seriesOf(rows: readonly Row[], dimension = dimensionOf(rows)): Series[] {
  const groups = new Map<string, Series>();
  const several = (values: unknown[]) => new Set(values).size > 1;
  const counts = dimension?.kind !== "count" && several(rows.map((row) => row.count));
  const sizes = dimension?.kind !== "size" && several(rows.map((row) => row.sizeBytes));
  for (const row of rows) {
    const details = [
      row.wait,
      ...Object.entries(row.parameters ?? {})
        .filter(([name]) => !(dimension?.kind === "parameter" && dimension.name === name))
        .map(([name, value]) => parameterWords(name, value)),
      sizes && row.sizeBytes !== undefined ? bytes(row.sizeBytes) : undefined,
      counts ? count(row.count, "participant") : undefined,
    ].filter((word) => word);
    const named = (facility: string, variant: string | undefined) =>
      [facility, variant, ...details].filter((word) => word);
    const key = named(row.facility, row.variant).join("~");
    const series = groups.get(key);
    if (series) series.rows.push(row);
    else {
      groups.set(key, {
        key,
        label: named(row.title, row.variantTitle).join(" · "),
        facility: row.facility,
        wait: row.wait,
        rows: [row],
      });
    }
  }
  const series = [...groups.values()];
  const along = (row: Row) => valueAt(row, dimension) ?? 0;
  for (const { rows } of series) rows.sort((a, b) => along(a) - along(b));
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
 * Where on its dimension a workload is ranked: of the values that nearly all facilities have, the one
 * nearest to 64 bytes (64 KiB where more is better), to two participants, or to 1 ms.
 */
export function rankedAt(
  rows: readonly Row[],
  dimension: Dimension | undefined,
): number | undefined {
  const values = valuesAlong(rows, dimension);
  if (!dimension || values.length === 0) return undefined;
  const reach = new Map(values.map((value) => [
    value,
    new Set(
      rows.filter((row) => valueAt(row, dimension) === value).map((row) => row.facility),
    ).size,
  ]));
  const most = Math.max(...reach.values());
  const target = dimension.kind === "count"
    ? 2
    : dimension.kind === "parameter"
    ? 1e6
    : rows[0]?.better === "higher"
    ? 65_536
    : 64;
  const distance = (value: number) => Math.abs(Math.log(Math.max(value, 0.5) / target));
  return values.filter((value) => reach.get(value)! >= most * 0.75)
    .sort((a, b) => distance(a) - distance(b))[0];
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

/** Half the interval over the figure, above which only the order of magnitude is known. */
const ROUGH = 0.5;

/** Half the interval over the figure: 0.1 for ±10 %. */
export function halfWidth({ estimate, ci95: [low, high] }: Pick<Row, "estimate" | "ci95">): number {
  return estimate === 0 ? 0 : (high - low) / 2 / Math.abs(estimate);
}

/** Whether a figure's interval is wider than ±50 %, or a single trial leaves it without one. */
export function isRough(row: Pick<Row, "estimate" | "ci95" | "trials">): boolean {
  return row.trials.length < 2 || !(halfWidth(row) <= ROUGH);
}

/**
 * The percentile that tells how late the slow operations are: p99 where any row had operations enough
 * for it, else p90.
 */
export function tailOf(rows: readonly Row[]): "p99" | "p90" {
  return rows.some(({ percentiles }) => percentiles?.p99 !== undefined) ? "p99" : "p90";
}
