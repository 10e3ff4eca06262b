/**
 * Whether a budget is enough for the trials that are asked for.
 *
 * @module
 */
import { ENOUGH_TRIALS } from "./cell_warnings.ts";
import type { Settings } from "./document.ts";
import type { Plan, PlannedVisit } from "./plan.ts";
import { Schedule } from "./schedule.ts";

type Asked = Pick<Settings, "trials" | "budgetSeconds">;

/**
 * What a budget lacks, in words, before anything is measured; null where it seems to be enough for
 * the trials that are asked for, or for those that an interval takes.
 */
export function budgetDoubt(plan: Plan, { trials, budgetSeconds }: Asked): string | null {
  const schedule = new Schedule(budgetSeconds);
  const reached = Math.max(1, schedule.timesWithin(onceEach(plan.visits)));
  if (reached >= Math.min(trials, ENOUGH_TRIALS)) return null;
  const cells = plan.visits.reduce((sum, visit) => sum + visit.cells.length, 0);
  return `a budget of ${budgetSeconds} s is enough for about ${reached} of ${trials} trials of ` +
    `${cells} cells${intervalWords(reached, trials)}: ` +
    `${remedy(plan.visits, trials, schedule)}`;
}

/** What a budget lacked that ended in a round, counted from 0. */
export function budgetEnded(
  round: number,
  visits: readonly PlannedVisit[],
  { trials, budgetSeconds }: Asked,
  schedule: Schedule,
): string {
  return `the budget of ${budgetSeconds} s ended in round ${
    round + 1
  } of ${trials}, so that cells ` +
    `have ${round} ${round === 1 ? "trial" : "trials"} or one more` +
    `${intervalWords(round, trials)}: ${remedy(visits, trials, schedule)}`;
}

function intervalWords(reached: number, trials: number): string {
  if (reached >= ENOUGH_TRIALS || trials < ENOUGH_TRIALS) return "";
  return `, and a 95 % interval takes ${ENOUGH_TRIALS}`;
}

function remedy(visits: readonly PlannedVisit[], trials: number, schedule: Schedule): string {
  const seconds = schedule.budgetFor(onceEach(visits), trials) / 1000;
  return `raise --budget to about ${Math.ceil(seconds / 5) * 5}s, or name fewer cells`;
}

function onceEach(visits: readonly PlannedVisit[]) {
  return visits.map((visit) => ({ visit, cells: visit.cells, times: 1 }));
}
