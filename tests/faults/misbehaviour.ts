/** Participants that do not do their part, and ones that are stopped for good. @module */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { allowedCpus } from "../../facilities/libc/sched.ts";
import { kill } from "../../facilities/libc/signal.ts";
import { runTrial } from "../../workloads/runner/trial.ts";
import type { Visit } from "../../workloads/runner/visit.ts";
import { eventually, participantsOf } from "../processes.ts";
import { fromFileUrl } from "../paths.ts";
import { assertCoped, measuredCells, readRun, Running } from "./bench.ts";
import { type Context, type Fault, pause, variation } from "./fault.ts";

const SIGSTOP = 19;
const module = (name: string) => import.meta.resolve(`./facilities/${name}.ts`);

/** Such a facility loses its cell, says why, and the one beside it is measured. */
function benched(id: string, name: string, reason: RegExp): Fault {
  return {
    id,
    async inject(context) {
      const run = start(name, context);
      const ended = await run.end();
      assertCoped(ended, [4]);
      assertMatch(ended.out, reason);
      const document = (await readRun(`${context.results}/run.json`))!;
      const [failed, ...more] = document.cells.filter(({ status }) => status === "failed");
      assert(failed?.status === "failed" && more.length === 0, JSON.stringify([failed, more]));
      assertMatch(failed.reason, reason);
      assertEquals(measuredCells(document).length, 1);
      return "exit 4, its cell failed, the other kept";
    },
  };
}

function start(name: string, { random, temporary, results }: Context, env = {}): Running {
  return new Running([
    ...["bench", "--facility", `pipe,${fromFileUrl(module(name))}`, "--workload", "round-trip"],
    ...["--size", "64", "--placement", "same-cpu", "--participants", "process", "--trials", "1"],
    ...["--budget", "2s", "--seed", `${random.uint32()}`, "--no-store", "--no-report"],
    ...["--json", `${results}/run.json`],
  ], { temporary, env });
}

/** Whatever a module prints, and whomever it names there: nobody else is killed. */
const garbagePrinted: Fault = {
  id: "garbage printed where the initiator reports",
  async inject(context) {
    const innocent = new Deno.Command("sleep", { args: ["1000"] }).spawn();
    try {
      const run = start("garbage_printed", context, { INNOCENT: `${innocent.pid}` });
      assertCoped(await run.end(), [0]);
      const document = (await readRun(`${context.results}/run.json`))!;
      assertEquals(measuredCells(document).length, 2);
      kill(innocent.pid, 0); // is still there
    } finally {
      innocent.kill();
      await innocent.status;
    }
    return "exit 0, ignored";
  },
};

/** One trial with a deadline of its own. */
async function trial(
  { temporary }: Context,
  facility: string,
  { meanwhile, variant, targetNs = 1e6 }: {
    meanwhile?: () => Promise<void>;
    variant?: string;
    targetNs?: number;
  } = {},
): Promise<string> {
  const cpu = allowedCpus().at(-1)!;
  const visit: Visit = {
    facility,
    participants: "process",
    count: 2,
    setups: [{ capability: "channel", maxBytes: 64, count: 2, variant }],
    cells: [{
      id: "cell",
      setup: 0,
      workload: "round-trip",
      length: 64,
      count: 2,
      cpus: [cpu, cpu],
      otherCpus: allowedCpus(),
      targetNs,
    }],
    folder: `${temporary}/trial`,
    baseSecond: 0,
  };
  const running = runTrial(visit, { deadlineMs: 4_000 });
  await meanwhile?.();
  const end = await running;
  assert(end.status === "failed", JSON.stringify(end));
  return end.reason;
}

function hanging(id: string, name: string, variant?: string): Fault {
  return {
    id,
    async inject(context) {
      assertEquals(await trial(context, module(name), { variant }), LATE);
      return "the trial ended at its deadline";
    },
  };
}

const LATE = "the trial did not end within 4 s";

function stoppedForGood(rank: 0 | 1): Fault {
  return {
    id: `SIGSTOP to the ${rank === 0 ? "initiator" : "peer"} for good`,
    async inject(context) {
      const facility = "posix-message-queue";
      const reason = await trial(context, facility, {
        targetNs: 1e10,
        async meanwhile() {
          const pid = await eventually(
            "a participant",
            () => participantsOf(Deno.pid)[rank] ?? null,
          );
          await pause(context.random.next() * 300);
          kill(pid, SIGSTOP);
        },
      });
      assertEquals(reason, LATE);
      return "the trial ended at its deadline";
    },
  };
}

/** These look at this process's children, so that only one of them can be tried at a time. */
export const TRIAL_FAULTS: readonly Fault[] = [
  stoppedForGood(0),
  variation(stoppedForGood(1)),
  hanging("a peer that never attaches", "never_attaches"),
  variation(hanging("a peer that attaches twice", "attaches_twice", "pathname")),
].map(oneAtATime());

function oneAtATime(): (fault: Fault) => Fault {
  let last: Promise<unknown> = Promise.resolve();
  return (fault) => ({
    ...fault,
    inject(context) {
      const turn = last.then(() => fault.inject(context));
      last = turn.catch(() => {});
      return turn;
    },
  });
}

export const MISBEHAVIOUR: readonly Fault[] = [
  benched(
    "a peer that exits with 0 before it attaches",
    "peer_exits",
    /a peer ended before its time/,
  ),
  benched("a peer that exits with 0 midway", "peer_exits_later", /a peer ended|closed its end/),
  benched("an initiator that exits with 0", "initiator_exits", /the initiator ended with code 0/),
  benched("a peer that throws what is no error", "throws", /up\\nand more/),
  benched("a peer that sends garbage", "garbage_sent", /message \d+ of 64\s+bytes has|went wrong/),
  garbagePrinted,
  ...TRIAL_FAULTS,
];
