import { assertEquals, assertMatch } from "@std/assert";
import { planInput } from "../../../cli/bench.ts";
import { budgetDoubt, budgetEnded } from "../../../workloads/runner/budget.ts";
import { makePlan } from "../../../workloads/runner/plan.ts";
import { Schedule } from "../../../workloads/runner/schedule.ts";

const input = await planInput({ profile: "quick", report: false, store: false });
const plan = await makePlan(input);
const cells = plan.visits.reduce((sum, visit) => sum + visit.cells.length, 0);
const doubt = (budgetSeconds: number, trials = 6) => budgetDoubt(plan, { budgetSeconds, trials });

Deno.test("a budget that leaves no trials for an interval is doubted, with one that would do", () => {
  const words = doubt(5)!;
  assertMatch(
    words,
    new RegExp(
      `^a budget of 5 s is enough for about [12] of 6 trials of ${cells} cells, and a 95 % ` +
        `interval takes 6: raise --budget to about [0-9]+s, or name fewer cells$`,
    ),
  );
  const enough = Number(/about (\d+)s/.exec(words)![1]);
  assertEquals(doubt(enough), null);
  assertMatch(doubt(5, 4)!, /^a budget of 5 s is enough for about [12] of 4 trials of \d+ cells: /);
});

Deno.test("the usual budget, and a single trial, are not doubted", () => {
  assertEquals(doubt(input.settings.budgetSeconds), null);
  assertEquals(doubt(0.001, 1), null);
  assertEquals(doubt(60, 10_000), null);
});

Deno.test("a budget that ended says how many trials there are, and what would have done", () => {
  const schedule = new Schedule(5);
  const ended = (round: number, trials: number) =>
    budgetEnded(round, plan.visits, { budgetSeconds: 5, trials }, schedule);
  assertMatch(
    ended(1, 6),
    /^the budget of 5 s ended in round 2 of 6, so that cells have 1 trial or one more, and a 95 % int/,
  );
  assertMatch(
    ended(7, 10),
    /in round 8 of 10, so that cells have 7 trials or one more: raise --bud/,
  );
});
