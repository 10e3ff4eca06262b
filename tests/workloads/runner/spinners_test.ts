// @gate alone

import { assert, assertEquals } from "@std/assert";
import { tryReadText } from "../../../facilities/libc/files.ts";
import { allowedCpus } from "../../../facilities/libc/sched.ts";
import { loadFacility } from "../../../facilities/taxonomy.ts";
import { keepAwake } from "../../../workloads/runner/keep_awake.ts";
import { runTrial } from "../../../workloads/runner/trial.ts";
import type { CellTask } from "../../../workloads/runner/visit.ts";
import { leavingNothing } from "../../leftovers.ts";

// What it opens of the C library stays open.
await loadFacility("pipe");

const cpus = allowedCpus().slice(-2);
const [last, other] = [cpus.at(-1)!, cpus[0]!];

/** R: wants to run; S: sleeps. */
function stateOf(thread: number): string {
  return tryReadText(`/proc/self/task/${thread}/stat`)?.split(") ")[1]?.[0] ?? "";
}

function cell(id: string, workload: string, on: number[], parameters = {}): CellTask {
  return {
    ...{ id, setup: 0, workload, length: 64, count: 2, cpus: on, otherCpus: allowedCpus() },
    ...{ targetNs: 2e6, parameters },
  };
}

Deno.test("only those spin whose CPU would idle now and then in the cell at hand", () =>
  leavingNothing(async (temporary) => {
    const cells = [
      cell("together", "round-trip", [last, last]),
      cell("by the clock", "paced", [last, last], { gapNs: 100_000 }),
      cell("together again", "throughput", [last, last]),
      ...last === other ? [] : [cell("apart", "round-trip", [last, other])],
    ];
    const seen: Record<string, string> = {};
    await using awake = await keepAwake(cpus);
    const end = await runTrial({
      facility: "pipe",
      participants: "process",
      count: 2,
      setups: [{ capability: "channel", maxBytes: 64, count: 2 }],
      cells,
      folder: `${temporary}/trial`,
      baseSecond: 0,
      spinners: awake.link,
      stepwise: true,
    }, {
      deadlineMs: 60_000,
      // The participants sleep meanwhile, and change nothing.
      onStep: (result) => {
        assert(result.status === "measured", JSON.stringify(result));
        seen[result.id] = awake.threads.map(stateOf).join("");
        return Promise.resolve();
      },
    });
    assert(end.status === "reported" && end.report.aborted === null, JSON.stringify(end));
    const both = last !== other;
    assertEquals(seen, {
      "together": both ? "SS" : "S",
      "by the clock": both ? "SR" : "R",
      "together again": both ? "SS" : "S",
      ...both && { "apart": "RR" },
    });
  }));
