/**
 * Measuring suspects again: fresh trials, interleaved with control rows.
 *
 * @module
 */
import type { RunDocument } from "../../workloads/runner/document.ts";
import { limitPlan } from "../../workloads/runner/limit_plan.ts";
import type { Plan } from "../../workloads/runner/plan.ts";
import { measure, type RunOptions } from "../../workloads/runner/run.ts";
import { mannWhitneyLeastP } from "../../workloads/runner/statistics.ts";
import { ALPHA, confirmedBy, judge, type JudgedCell } from "./judge.ts";
import type { Confirmation } from "./verdict.ts";

/** Fresh trials at least. */
const FEWEST_TRIALS = 12;
const MOST_TRIALS = 40;
/** What a trial takes beside its timed regions, seconds: starting it, and settling each cell. */
const START_SECONDS = 0.3;
const SETTLE_SECONDS = 0.03;

/** Confirmation, and the run that it rests on. */
export interface Confirmed extends Confirmation {
  readonly run: RunDocument;
}

/** Measures the suspects again, each timed as long as the candidate was, and judges them. */
export async function confirm(
  baseline: readonly RunDocument[],
  candidate: RunDocument,
  suspects: readonly JudgedCell[],
  options: RunOptions,
  threshold: number,
): Promise<Confirmed> {
  const ids = new Set(suspects.map(({ id }) => id));
  const plan = limitPlan(options.plan, (id) => ids.has(id));
  const trials = freshTrials(suspects);
  const run = await measure({
    ...options,
    plan,
    label: `confirms ${candidate.id}`,
    settings: {
      ...options.settings,
      trials,
      adaptive: false,
      budgetSeconds: budgetSeconds(plan, candidate, trials),
      seed: (options.settings.seed + 1) % 2 ** 32,
    },
  });
  const only = new Map(suspects.map((cell) => [cell.id, cell]));
  const judgement = judge(baseline, run, { threshold, only });
  return { run, judgement, confirmed: confirmedBy(suspects, judgement) };
}

/** Enough for the least p to survive Holm over all suspects, ten times over. */
export function freshTrials(suspects: readonly JudgedCell[]): number {
  const fewest = Math.min(...suspects.map(({ trials }) => trials.baseline));
  let trials = FEWEST_TRIALS;
  const wanted = ALPHA / suspects.length / 10;
  while (trials < MOST_TRIALS && mannWhitneyLeastP(trials, fewest) > wanted) trials++;
  return trials;
}

function budgetSeconds(plan: Plan, candidate: RunDocument, trials: number): number {
  const seconds = new Map(candidate.cells.map((cell) => [
    cell.id,
    cell.status === "measured" ? Math.max(...cell.trials.map((trial) => trial.seconds)) : 0,
  ]));
  let round = 0;
  for (const { cells } of plan.visits) {
    round += START_SECONDS;
    for (const { task } of cells) {
      round += SETTLE_SECONDS + Math.max(0.005, seconds.get(task.id) ?? 0);
    }
  }
  // Later rounds must not starve where the first ones took longer than thought.
  return Math.ceil(1.5 * trials * round + 5);
}
