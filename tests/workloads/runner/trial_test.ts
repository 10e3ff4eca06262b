// @gate alone

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LEAVES, loadFacility } from "../../../facilities/taxonomy.ts";
import { kill, SIGKILL } from "../../../facilities/libc/signal.ts";
import { allowedCpus } from "../../../facilities/libc/sched.ts";
import type { Capability, Participants } from "../../../facilities/facility.ts";
import { runTrial, type TrialEnd } from "../../../workloads/runner/trial.ts";
import type { CellTask, Visit } from "../../../workloads/runner/visit.ts";
import { leavingNothing, participantsOf } from "../../leftovers.ts";

// What a facility opens of the C library stays open; so load all before the first test.
for (const { id } of LEAVES) await loadFacility(id);

const own = (name: string) => import.meta.resolve(`./facilities/${name}.ts`);
const DEADLINE_MS = 60_000;
let trials = 0;

function visit(
  temporary: string,
  facility: string,
  workloads: readonly string[],
  { participants = "process", capability = "channel", length = 64, targetNs = 2e6 }: {
    participants?: Participants;
    capability?: Capability;
    length?: number;
    targetNs?: number;
  } = {},
): Visit {
  const cpus = allowedCpus().slice(-1);
  const cells: CellTask[] = workloads.map((workload) => ({
    id: workload,
    setup: 0,
    workload,
    length,
    count: 2,
    cpus: [cpus[0]!, cpus[0]!],
    otherCpus: allowedCpus(),
    targetNs,
  }));
  return {
    facility,
    participants,
    count: 2,
    setups: [{ capability, maxBytes: length, count: 2 }],
    cells,
    folder: `${temporary}/${trials++}`,
    baseSecond: 0,
  };
}

function reported(end: TrialEnd) {
  assert(end.status === "reported", JSON.stringify(end));
  return { ...end.report, results: end.results };
}

for (const participants of ["process", "thread"] as const) {
  Deno.test(`a trial between ${participants} participants measures every cell once`, () =>
    leavingNothing(async (temporary) => {
      const end = await runTrial(
        visit(temporary, "pipe", ["round-trip", "throughput"], { participants }),
        {
          deadlineMs: DEADLINE_MS,
        },
      );
      const { results, unavailable, aborted } = reported(end);
      assertEquals([aborted, unavailable], [null, []]);
      assertEquals(results.map(({ id }) => id), ["round-trip", "throughput"]);
      for (const result of results) {
        assert(result.status === "measured", JSON.stringify(result));
        assert(result.estimate > 0 && result.operations > 0 && result.seconds > 0);
        assert(result.used.voluntarySwitches > 0, "processes on one CPU have to take turns");
        assertEquals(result.cpus.length, 2);
      }
    }));
}

Deno.test("whatever is timed is compiled, from the first operation to the last", () =>
  leavingNothing(async (temporary) => {
    const kinds = [
      ["pipe", "channel", ["round-trip", "throughput", "one-way"]],
      ["posix-shared-memory", "channel", ["round-trip", "throughput"]],
      ["eventfd", "notifier", ["hand-off"]],
      ["flock", "lock", ["lock-hand-off", "contended", "uncontended"]],
    ] as const;
    for (const [facility, capability, workloads] of kinds) {
      // In one trial of seventy a loop meets something new, and says so.
      const open = new Set<string>(workloads);
      for (let attempt = 0; attempt < 5 && open.size > 0; attempt++) {
        const asked = visit(temporary, facility, workloads, { capability, targetNs: 10e6 });
        const { results } = reported(await runTrial(asked, { deadlineMs: DEADLINE_MS }));
        assertEquals(results.map(({ id }) => id), [...workloads]);
        for (const result of results) {
          assert(result.status === "measured", JSON.stringify(result));
          if (result.compiled) open.delete(result.id);
        }
      }
      assertEquals([...open], [], `${facility}: not compiled in any trial`);
    }
  }));

Deno.test("a facility that changes a byte fails its verification", () =>
  leavingNothing(async (temporary) => {
    const end = await runTrial(visit(temporary, own("corrupting"), ["round-trip"]), {
      deadlineMs: DEADLINE_MS,
    });
    assert(end.status === "failed", JSON.stringify(end));
    assertStringIncludes(end.reason, "participant 1: message 0 of 64 bytes has");
  }));

Deno.test("a facility that turns dishonest after the verification is found out in the timed loop", () =>
  leavingNothing(async (temporary) => {
    const end = await runTrial(visit(temporary, own("dropping"), ["round-trip"]), {
      deadlineMs: DEADLINE_MS,
    });
    const [result] = reported(end).results;
    assert(result?.status === "failed", JSON.stringify(result));
    assertStringIncludes(result.reason, "operations went wrong");
  }));

Deno.test("a facility that the machine lacks is reported with errno's name", () =>
  leavingNothing(async (temporary) => {
    const end = await runTrial(visit(temporary, own("lacking"), ["round-trip"]), {
      deadlineMs: DEADLINE_MS,
    });
    const { results, unavailable } = reported(end);
    assertEquals(results, []);
    assertEquals(unavailable.map(({ code }) => code), ["ENOSYS"]);
  }));

Deno.test("a trial that hangs ends at its deadline", () =>
  leavingNothing(async (temporary) => {
    const end = await runTrial(visit(temporary, own("hanging"), ["round-trip"]), {
      deadlineMs: 1_500,
    });
    assert(end.status === "failed");
    assertStringIncludes(end.reason, "did not end within 1.5 s");
  }));

Deno.test("a trial that is interrupted ends at once", () =>
  leavingNothing(async (temporary) => {
    const controller = new AbortController();
    const running = runTrial(visit(temporary, own("hanging"), ["round-trip"]), {
      deadlineMs: DEADLINE_MS,
      signal: controller.signal,
    });
    await participants(2);
    controller.abort();
    assertEquals((await running).status, "interrupted");
  }));

for (const rank of [0, 1]) {
  Deno.test(`kill -9 of the ${rank === 0 ? "initiator" : "peer"} ends the trial`, () =>
    leavingNothing(async (temporary) => {
      const running = runTrial(visit(temporary, own("hanging"), ["round-trip"]), {
        deadlineMs: DEADLINE_MS,
      });
      const pids = await participants(2);
      kill(pids[rank]!, SIGKILL);
      const end = await running;
      assert(end.status === "failed", JSON.stringify(end));
      assertStringIncludes(end.reason, rank === 0 ? "SIGKILL" : "a peer ended");
    }));
}

Deno.test("a kernel object outlives no trial, whatever it is", () =>
  leavingNothing(async (temporary) => {
    for (const id of ["fifo", "posix-message-queue", "posix-shared-memory"]) {
      const running = runTrial(visit(temporary, id, ["round-trip"], { targetNs: 2e9 }), {
        deadlineMs: DEADLINE_MS,
      });
      const [initiator] = await participants(2);
      kill(initiator!, SIGKILL);
      assertEquals((await running).status, "failed");
    }
  }));

/** Waits until this process has that many participants below it; their ids, the initiator first. */
async function participants(count: number): Promise<number[]> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const started = participantsOf(Deno.pid);
    if (started.length >= count) return started;
    assert(performance.now() < deadline, "the participants did not start");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
