// @gate alone

import { assert, assertEquals, assertLess } from "@std/assert";
import { planInput } from "../../../cli/bench.ts";
import { LEAVES, loadFacility } from "../../../facilities/taxonomy.ts";
import { CONTROL_ROWS, loadWorkload, WORKLOADS } from "../../../workloads/catalogue.ts";
import { readHost } from "../../../workloads/runner/host.ts";
import { makePlan } from "../../../workloads/runner/plan.ts";
import type { Progress } from "../../../workloads/runner/executor.ts";
import { measure } from "../../../workloads/runner/run.ts";
import { leavingNothing } from "../../leftovers.ts";

// What a facility or a workload opens of the C library stays open; so load all before the first test.
for (const { id } of LEAVES) await loadFacility(id);
for (const id of [...WORKLOADS, ...CONTROL_ROWS]) await loadWorkload(id);

const BUDGET_SECONDS = 120;

/** A run of bursts, whose trials all find the same. */
async function bursts(temporary: string, trials?: number) {
  const input = await planInput({
    facility: ["pipe", "posix-message-queue"],
    workload: ["burst"],
    size: [64],
    profile: "quick",
    budget: BUDGET_SECONDS,
    report: false,
    store: false,
    trials,
  });
  const progress: Progress[] = [];
  const run = await measure({
    plan: await makePlan(input),
    settings: input.settings,
    host: readHost(),
    label: null,
    version: "test",
    temporary,
    onProgress: (each) => progress.push(each),
  });
  return { run, progress };
}

for (const [trials, expected] of [[undefined, 6], [3, 3]] as const) {
  Deno.test(`cells that agree are done after ${expected} trials, whatever the budget`, () =>
    leavingNothing(async (temporary) => {
      const { run, progress } = await bursts(temporary, trials);
      const cells = run.cells.filter(({ workload }) => workload === "burst");
      for (const cell of cells) {
        assertEquals(cell.status === "measured" && cell.trials.length, expected, cell.id);
      }
      assertLess(run.durationSeconds, BUDGET_SECONDS);
      assertEquals(run.settings.adaptive, trials === undefined);
      for (const { secondsLeft } of progress) {
        assert(secondsLeft >= 0 && secondsLeft <= BUDGET_SECONDS, `${secondsLeft} s left`);
      }
      const last = progress.at(-1)!;
      assertEquals([last.trialsDone, last.trialsPlanned], [3 * expected - 1, 3 * expected]);
    }));
}
