/**
 * Two runs side by side: which cells differ by more than their intervals allow.
 *
 * @module
 */
import { dimensionOf, type Row, seriesOf, valueAt, valueWords } from "./rows.ts";

export interface RunFacts {
  id: string;
  startedAt: string;
  hostname: string;
  kernel: string;
  machineKey: string;
  cpuModel: string;
  deno: string;
  profile: string;
  label: string | null;
}

type Figures = [estimate: number, low: number, high: number];

/** A cell in all the runs of a page; null where a run has not measured it. */
export interface SharedCell {
  workload: string;
  facility: string;
  label: string;
  unit: Row["unit"];
  better: Row["better"];
  figures: (Figures | null)[];
}

/** The runs that a compare page knows, newest last, and their cells. */
export interface CompareData {
  runs: RunFacts[];
  cells: SharedCell[];
}

export interface Difference {
  cell: SharedCell;
  from: Figures;
  to: Figures;
  /** Above 1 where the second run is worse. */
  times: number;
  /** Whether the two intervals keep apart. */
  distinct: boolean;
}

/** All cells that both runs have, the largest difference first. */
export function differences(data: CompareData, from: number, to: number): Difference[] {
  const found: Difference[] = [];
  for (const cell of data.cells) {
    const a = cell.figures[from];
    const b = cell.figures[to];
    if (!a || !b || a[0] <= 0 || b[0] <= 0) continue;
    const times = cell.better === "lower" ? b[0] / a[0] : a[0] / b[0];
    found.push({ cell, from: a, to: b, times, distinct: a[2] < b[1] || b[2] < a[1] });
  }
  const size = ({ times }: Difference) => Math.abs(Math.log(times));
  return found.sort((a, b) => size(b) - size(a));
}

/** Joins the rows of several runs by cell id. */
export function sharedCells(runs: readonly (readonly Row[])[]): SharedCell[] {
  const cells = new Map<string, SharedCell>();
  const short = (value: number) => Number(value.toPrecision(6));
  runs.forEach((rows, run) => {
    for (const row of rows) {
      let cell = cells.get(row.id);
      if (!cell) {
        cell = {
          workload: row.workload,
          facility: row.facility,
          label: "",
          unit: row.unit,
          better: row.better,
          figures: runs.map(() => null),
        };
        cells.set(row.id, cell);
      }
      cell.figures[run] = [short(row.estimate), short(row.ci95[0]), short(row.ci95[1])];
    }
  });
  for (const rows of runs) nameCells(rows, cells);
  return [...cells.values()];
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
