/**
 * The trials of one cell in the runs that are compared, as costs: whatever the unit, more is worse.
 *
 * @module
 */
import type { MeasuredCell, RunDocument, Trial } from "../../workloads/runner/document.ts";
import { mannWhitneyLeastP } from "../../workloads/runner/statistics.ts";
import type { States } from "../../workloads/runner/states.ts";
import { type OwnControl, setAgainstOwnControl } from "./own_control.ts";

/** A trial's figure. */
export interface Cost {
  /** The figure where less is better, else its inverse. */
  readonly cost: number;
  readonly trial: Trial;
  /** Index of its run. */
  readonly run: number;
}

/** The trials of a cell that can be compared. */
export interface Matched {
  readonly baseline: readonly Cost[];
  readonly candidate: readonly Cost[];
  /** Index of the state that all of them were measured in; null where the machine kept one. */
  readonly state: number | null;
  /** What each of them was set against instead; null where the figures are as they were. */
  readonly own: readonly OwnControl[] | null;
}

/** The measured cell of that id; undefined where a run has none. */
export function measuredCell(run: RunDocument, id: string): MeasuredCell | undefined {
  const cell = run.cells.find((each) => each.id === id);
  return cell?.status === "measured" ? cell : undefined;
}

/** The costs of a cell's trials over several runs. */
export function costsOf(cells: readonly (MeasuredCell | undefined)[]): Cost[] {
  return cells.flatMap((cell, run) =>
    (cell?.trials ?? []).map((trial) => ({
      cost: cell!.better === "lower" ? trial.estimate : 1 / trial.estimate,
      trial,
      run,
    }))
  );
}

/**
 * Like with like: all trials set against their own controls, where those tell how the machine moved
 * the figures; else all as they are or, of a machine of several states, those of one.
 */
export function likeWithLike(
  baseline: readonly Cost[],
  candidate: readonly Cost[],
  states: States,
): Matched | null {
  const against = setAgainstOwnControl(baseline, candidate);
  if (against === null || against.candidate.length === 0) {
    return matchStates(baseline, candidate, states);
  }
  return { ...against, state: null };
}

/** The state in which both sides have trials enough to tell most; null where there is none. */
export function matchStates(
  baseline: readonly Cost[],
  candidate: readonly Cost[],
  states: States,
): Matched | null {
  if (states.names.length < 2) return { baseline, candidate, state: null, own: null };
  let best: Matched | null = null;
  let bestP = Infinity;
  for (const state of states.names.keys()) {
    const within = (costs: readonly Cost[]) =>
      costs.filter(({ trial }) => states.of(trial) === state);
    const matched = {
      ...{ baseline: within(baseline), candidate: within(candidate) },
      ...{ state, own: null },
    };
    if (matched.baseline.length === 0 || matched.candidate.length === 0) continue;
    const p = mannWhitneyLeastP(matched.candidate.length, matched.baseline.length);
    if (p >= bestP) continue;
    best = matched;
    bestP = p;
  }
  return best;
}

/** The costs run by run, for runs that have any. */
export function byRun(costs: readonly Cost[]): Cost[][] {
  return [...Map.groupBy(costs, ({ run }) => run).values()];
}
