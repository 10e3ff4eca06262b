/**
 * What the compare page shows of the newest runs: all that `compare` finds between each two of them.
 *
 * @module
 */
import type { RunDocument } from "../../workloads/runner/document.ts";
import { NotComparableError } from "../../workloads/runner/errors.ts";
import { compareRuns, type Comparison } from "../compare/compare.ts";
import type { Change, CompareData, Pair, RunFacts, SharedCell } from "./model/comparison.ts";
import { dimensionOf, type Row, rowsOf, seriesOf, valueAt, valueWords } from "./model/rows.ts";

/** Compares each two of `runs`, which come oldest first. */
export function compareDataOf(runs: readonly RunDocument[]): CompareData {
  if (runs.length < 2) return { runs: runs.map(factsOf), cells: [], pairs: {} };
  const rows = runs.map(rowsOf);
  const cells = cellsOf(rows);
  const pairs: Record<string, Pair> = {};
  runs.forEach((first, from) => {
    runs.forEach((second, to) => {
      const comparison = from < to ? compared(first, second) : null;
      if (comparison) pairs[`${from} ${to}`] = pairFrom(comparison, [...cells.keys()]);
    });
  });
  return { runs: runs.map(factsOf), cells: [...cells.values()], pairs };
}

function compared(first: RunDocument, second: RunDocument): Comparison | null {
  try {
    return compareRuns([first, second]).comparisons[0]!;
  } catch (error) {
    if (error instanceof NotComparableError) return null;
    throw error;
  }
}

const short = (value: number) => Number(value.toPrecision(4));

function pairFrom(comparison: Comparison, ids: readonly string[]): Pair {
  const { differences, cells, incomparable, byChance } = comparison;
  const changes = new Map(cells.map(({ id, ratio, interval, significant }): [string, Change] => [
    id,
    [
      short(ratio),
      interval && short(interval[0]),
      interval && short(interval[1]),
      significant ? 1 : 0,
    ],
  ]));
  return {
    facts: [...differences],
    changes: ids.map((id) => changes.get(id) ?? null),
    incomparable: incomparable.length,
    byChance,
  };
}

function factsOf({ id, startedAt, label, host, tool, settings }: RunDocument): RunFacts {
  return {
    id,
    startedAt,
    hostname: host.hostname,
    kernel: host.kernel,
    machineKey: host.machineKey,
    cpuModel: host.cpuModel,
    deno: tool.deno,
    profile: settings.profile,
    label,
  };
}

/** The cells of all runs by their ids. */
function cellsOf(runs: readonly (readonly Row[])[]): Map<string, SharedCell> {
  const cells = new Map<string, SharedCell>();
  runs.forEach((rows, run) => {
    for (const { id, workload, facility, control, unit, estimate } of rows) {
      let cell = cells.get(id);
      if (!cell) {
        const estimates = runs.map(() => null);
        cell = { workload, facility, label: "", control: control ?? false, unit, estimates };
        cells.set(id, cell);
      }
      cell.estimates[run] = Number(estimate.toPrecision(6));
    }
  });
  for (const rows of runs) nameCells(rows, cells);
  return cells;
}

/** Gives each cell a name that says all of its dimensions but the workload. */
function nameCells(rows: readonly Row[], cells: ReadonlyMap<string, SharedCell>): void {
  for (const workload of new Set(rows.map((row) => row.workload))) {
    const own = rows.filter((row) => row.workload === workload);
    const dimension = dimensionOf(own);
    const both = new Set(own.map((row) => row.awake)).size > 1;
    for (const series of seriesOf(own, dimension)) {
      for (const row of series.rows) {
        const cell = cells.get(row.id);
        if (!cell || cell.label) continue;
        const at = valueAt(row, dimension);
        cell.label = [
          series.label,
          at === undefined ? undefined : valueWords(dimension, at),
          row.placement,
          row.participants === "thread" ? "threads" : undefined,
          both && row.awake ? "kept awake" : undefined,
        ].filter((word) => word).join(" · ");
      }
    }
  }
}
