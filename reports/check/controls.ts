/**
 * The control rows: what the machine does without any facility. Where they move, the machine has
 * changed, and a slower cell says nothing of the facility.
 *
 * A CPU quota or another process on the CPU leaves the median of a null system call alone, but not
 * the time that all of them take together; so each row is judged by both.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { median } from "../../workloads/runner/statistics.ts";
import { noiseFloors } from "./noise.ts";
import { byRun, type Cost, costsOf, matchStates, measuredCell } from "./sample.ts";
import type { States } from "../../workloads/runner/states.ts";

/** One way to look at a control row. */
export interface ControlMeasure {
  readonly of: "median" | "total";
  /** How many times what it was in the baseline. */
  readonly ratio: number;
  /** It has moved beyond this, in either direction. */
  readonly floor: number;
  readonly moved: boolean;
}

/** A control row in the candidate against the baseline. */
export interface ControlRow {
  readonly id: string;
  readonly workload: string;
  readonly sizeBytes?: number;
  readonly measures: readonly ControlMeasure[];
  /** Involuntary context switches a second of its timed regions. */
  readonly preempted: { readonly baseline: number; readonly candidate: number };
  /** Why it counts as moved though there is nothing to compare; null where there is. */
  readonly unmatched: string | null;
  readonly moved: boolean;
}

/** A control row may move this far, whatever the baseline says. */
const TOLERATED = 1.05;
/** And never further than this: a machine as unsteady as that is not one to judge on. */
const TOLERATED_MOST = 1.5;
/** The chance that any row moves although nothing has changed. */
const FALSE_ALARM = 0.01;

interface Candidate {
  readonly cell: MeasuredCell;
  readonly baselineCells: readonly (MeasuredCell | undefined)[];
  readonly baseline: readonly Cost[];
  readonly candidate: readonly Cost[];
}

/** Judges all control rows that both sides measured. */
export function judgeControls(
  baseline: readonly RunDocument[],
  candidate: RunDocument,
  states: States,
): ControlRow[] {
  const rows = candidate.cells.flatMap((cell) => {
    if (!cell.control || cell.status !== "measured") return [];
    const baselineCells = baseline.map((run) => measuredCell(run, cell.id));
    if (baselineCells.every((each) => each === undefined)) return [];
    return [{ cell, baselineCells }];
  });
  const matched = rows.map((row) => ({
    ...row,
    match: matchStates(costsOf(row.baselineCells), costsOf([row.cell]), states),
  }));
  const comparable: Candidate[] = matched.flatMap(({ cell, baselineCells, match }) =>
    match ? [{ cell, baselineCells, baseline: match.baseline, candidate: match.candidate }] : []
  );
  const level = 1 - FALSE_ALARM / (2 * comparable.length + 2);
  const floors = {
    median: floorsOf(comparable, medianOf, level),
    total: floorsOf(comparable, totalOf, level),
  };
  const single = matched.map(({ cell, baselineCells, match }) => {
    const common = {
      id: cell.id,
      workload: cell.workload,
      ...(cell.sizeBytes !== undefined && { sizeBytes: cell.sizeBytes }),
      preempted: {
        baseline: preemptions(baselineCells.filter((each) => each !== undefined)),
        candidate: preemptions([cell]),
      },
    };
    if (!match) {
      const unmatched = "the machine was in none of the states of the baseline";
      return { ...common, measures: [], unmatched, moved: true };
    }
    const measures = ([["median", medianOf], ["total", totalOf]] as const).map(([of, figure]) => {
      const known = byRun(match.baseline).map(figure);
      return measureOf(of, figure(match.candidate) / median(known), floors[of].get(cell.id));
    });
    return { ...common, measures, unmatched: null, moved: measures.some(({ moved }) => moved) };
  });
  return comparable.length < 2 ? single : [...single, together(comparable, level)];
}

/**
 * All rows as one: the mean of their ratios moves less from run to run than each of them, so that a
 * machine that has become a little slower as a whole shows here first.
 */
function together(rows: readonly Candidate[], level: number): ControlRow {
  const measures = ([["median", medianOf], ["total", totalOf]] as const).map(([of, figure]) => {
    const shifts = new Map<number, number[]>();
    const now: number[] = [];
    for (const { baseline, candidate } of rows) {
      const known = [...Map.groupBy(baseline, ({ run }) => run)]
        .map(([run, costs]) => [run, Math.log(figure(costs))] as const);
      const middle = median(known.map(([, log]) => log));
      for (const [run, log] of known) shifts.set(run, [...shifts.get(run) ?? [], log - middle]);
      now.push(Math.log(figure(candidate)) - middle);
    }
    const runs = [...shifts.values()].map((each) => [mean(each)]);
    const floors = noiseFloors([{ id: TOGETHER, runs }], level);
    return measureOf(of, Math.exp(mean(now)), floors.get(TOGETHER));
  });
  const cells = rows.map(({ cell }) => cell);
  const before = rows.flatMap(({ baselineCells }) =>
    baselineCells.filter((each) => each !== undefined)
  );
  return {
    id: TOGETHER,
    workload: TOGETHER,
    preempted: { baseline: preemptions(before), candidate: preemptions(cells) },
    measures,
    unmatched: null,
    moved: measures.some(({ moved }) => moved),
  };
}

const TOGETHER = "all-together";

function measureOf(
  of: ControlMeasure["of"],
  ratio: number,
  noise: number | undefined,
): ControlMeasure {
  const floor = Math.min(TOLERATED_MOST, Math.max(TOLERATED, noise ?? 1));
  return { of, ratio, floor, moved: ratio > floor || ratio < 1 / floor };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function floorsOf(
  rows: readonly Candidate[],
  figure: (costs: readonly Cost[]) => number,
  level: number,
): Map<string, number> {
  const spreads = rows.map(({ cell, baseline }) => ({
    id: cell.id,
    runs: byRun(baseline).map((costs) => [Math.log(figure(costs))]),
  }));
  return noiseFloors(spreads, level);
}

function medianOf(costs: readonly Cost[]): number {
  return median(costs.map(({ cost }) => cost));
}

/** Seconds an operation over all windows together. */
function totalOf(costs: readonly Cost[]): number {
  let seconds = 0;
  let operations = 0;
  for (const { trial } of costs) {
    seconds += trial.seconds;
    operations += trial.operations;
  }
  return seconds / operations;
}

function preemptions(cells: readonly MeasuredCell[]): number {
  let switches = 0;
  let seconds = 0;
  for (const { trials, cost } of cells) {
    for (const trial of trials) {
      seconds += trial.seconds;
      switches += trial.operations * (cost?.involuntarySwitchesPerOp ?? 0);
    }
  }
  return seconds > 0 ? switches / seconds : 0;
}
