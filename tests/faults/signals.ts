/** Signals to the processes of a run, at random moments. @module */
import { assert, assertEquals } from "@std/assert";
import { isErrno } from "../../facilities/libc/errno.ts";
import { tryListFolder } from "../../facilities/libc/files.ts";
import { kill } from "../../facilities/libc/signal.ts";
import { warningsWith } from "../../workloads/runner/warning.ts";
import { commandLine, eventually } from "../processes.ts";
import { assertCoped, measuredCells, readRun, Running } from "./bench.ts";
import { type Context, type Fault, pause, pick, variation } from "./fault.ts";

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15, SIGCONT: 18, SIGSTOP: 19 };
type Name = keyof typeof NUMBERS;

/** What is measured meanwhile: facilities whose objects would stay. */
const MEASURED = [
  ["fifo", "round-trip"],
  ["unix-stream", "round-trip"],
  ["posix-message-queue", "round-trip"],
  ["sysv-message-queue", "round-trip"],
  ["posix-shared-memory", "round-trip"],
  ["sysv-shared-memory", "throughput"],
  ["file-mapping", "throughput"],
  ["posix-named-semaphore", "hand-off"],
  ["sysv-semaphore", "hand-off"],
  ["flock", "uncontended"],
] as const;
const SHORT = { trials: "2", budget: "3s" };
/** Of runs that will be cut off. */
const LONG = { trials: "20", budget: "20s" };

/** A moment within the life of such a run, milliseconds after its first participant. */
const SPAN_MS = 1_500;

function startRun({ random, temporary, results }: Context, { trials, budget } = SHORT): Running {
  const [facility, workload] = pick(random, MEASURED);
  return new Running([
    ...["bench", "--facility", facility, "--workload", workload, "--size", "64", "--wait", "futex"],
    ...["--placement", "same-cpu", "--participants", "process", "--seed", `${random.uint32()}`],
    ...["--trials", trials, "--budget", budget, "--no-store", "--no-report"],
    ...["--json", `${results}/run.json`],
  ], { temporary });
}

/** Waits for a random moment, and then until there is such a participant; null where none came. */
async function moment(
  run: Running,
  random: Context["random"],
  rank: 0 | 1,
): Promise<number | null> {
  await run.until(() => run.participants().length > 0);
  await pause(random.next() * SPAN_MS);
  let found: number | undefined;
  await run.until(() => (found = run.participants()[rank]) !== undefined);
  return found ?? null;
}

/** Sends a signal; false where nobody is left to get it. */
function send(pid: number, signal: Name): boolean {
  try {
    kill(pid, NUMBERS[signal]);
    return true;
  } catch (error) {
    if (isErrno(error, "ESRCH")) return false;
    throw error;
  }
}

/** A run that lost at most one trial: everything is measured, and whoever looks is told. */
async function assertWhole(run: Running, { results }: Context): Promise<string> {
  const ended = await run.end();
  assertCoped(ended, [0, 4]);
  const document = (await readRun(`${results}/run.json`))!;
  assert(document.complete, "not complete");
  // Where this machine was too slow for a second trial, the lost one was the only one.
  if (ended.code === 4) {
    assert(warningsWith("budget-ended", document.warnings).length > 0, ended.out);
    return "the only trial lost";
  }
  for (const { id, status } of document.cells) {
    if (status !== "not-applicable") assertEquals(status, "measured", id);
  }
  const lost = [
    ...warningsWith("trial-lost", document.warnings),
    ...warningsWith("trial-ended-early", document.warnings),
  ];
  assert(lost.length <= 1, lost.map(({ text }) => text).join("\n"));
  return lost.length === 0 ? "nothing lost" : "one trial lost";
}

function toParticipant(signal: "SIGKILL" | "SIGTERM" | "SIGINT", rank: 0 | 1): Fault {
  return {
    id: `${signal} to the ${rank === 0 ? "initiator" : "peer"}`,
    async inject(context) {
      const run = startRun(context);
      const pid = await moment(run, context.random, rank);
      if (pid !== null) send(pid, signal);
      return await assertWhole(run, context);
    },
  };
}

function stopForAWhile(who: "initiator" | "peer" | "coordinator"): Fault {
  return {
    id: `SIGSTOP to the ${who}, SIGCONT some time later`,
    async inject(context) {
      const run = startRun(context);
      const found = await moment(run, context.random, who === "peer" ? 1 : 0);
      const pid = who === "coordinator" ? run.pid : found;
      if (pid !== null && !run.isOver && send(pid, "SIGSTOP")) {
        await pause(context.random.next() * 1_000);
        send(pid, "SIGCONT");
      }
      return await assertWhole(run, context);
    },
  };
}

/** Trials of the first round: the control rows and the facility. */
const FIRST_ROUND = 2;

/** How many trials have begun. */
function begunBy(run: Running): number {
  run.participants();
  return run.initiators.size;
}

function endCoordinator(signal: "SIGINT" | "SIGTERM" | "SIGHUP"): Fault {
  return {
    id: `${signal} to the coordinator`,
    async inject(context) {
      const run = startRun(context, LONG);
      await moment(run, context.random, 0);
      // In half of the tries after the first round, when there is something to lose.
      if (context.random.next() < 0.5) await run.until(() => begunBy(run) > FIRST_ROUND);
      const begun = run.initiators.size;
      run.kill(signal);
      const ended = await run.end();
      // It may have come when all was done.
      const code = 128 + NUMBERS[signal];
      assertCoped(ended, [0, code]);
      const document = await readRun(`${context.results}/run.json`);
      assert(document, "no document was written");
      if (ended.code === 0) return "came too late";
      assertEquals(document.complete, false);
      // The trials before the one that was cut off are there; the control rows are a trial too.
      const trials = Math.max(
        0,
        ...document.cells.map((cell) => cell.status === "measured" ? cell.trials.length : 0),
      );
      assert(trials >= Math.floor((begun - 1) / 2), `${trials} trials of ${begun} that had begun`);
      assert(begun <= FIRST_ROUND || measuredCells(document).length > 0, "the cells were lost");
      return `exit ${code}, ${measuredCells(document).length > 0 ? "cells kept" : "no cell yet"}`;
    },
  };
}

const killCoordinator: Fault = {
  id: "SIGKILL to the coordinator, then clean",
  async inject(context) {
    const { temporary } = context;
    const run = startRun(context, LONG);
    await moment(run, context.random, 0);
    const participants = run.participants();
    run.kill("SIGKILL");
    const { code } = await run.end();
    if (code === 0) return "came too late";
    assertEquals(code, 137);
    await eventually(
      "the end of its participants",
      () => participants.every((pid) => !commandLine(pid).includes("/participant.ts")),
    );
    const cleaning = new Running(["clean", context.results], { temporary });
    assertCoped(await cleaning.end(), [0]);
    assertEquals(tryListFolder(temporary), []);
    return "participants ended, all removed";
  },
};

export const SIGNAL_FAULTS: readonly Fault[] = [
  toParticipant("SIGKILL", 0),
  toParticipant("SIGKILL", 1),
  variation(toParticipant("SIGTERM", 0)),
  variation(toParticipant("SIGTERM", 1)),
  variation(toParticipant("SIGINT", 0)),
  toParticipant("SIGINT", 1),
  variation(stopForAWhile("initiator")),
  stopForAWhile("peer"),
  stopForAWhile("coordinator"),
  endCoordinator("SIGINT"),
  variation(endCoordinator("SIGTERM")),
  variation(endCoordinator("SIGHUP")),
  killCoordinator,
];
