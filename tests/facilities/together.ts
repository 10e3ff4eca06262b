/**
 * Real participants for the tests of facilities: processes or threads that attach to one link and do
 * a task together.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type {
  Capability,
  Created,
  CreateOptions,
  Participants,
  Role,
} from "../../facilities/facility.ts";
import { readText, tryListFolder } from "../../facilities/libc/files.ts";
import type { Memory } from "../../facilities/libc/memory.ts";
import { blockSignals, FACILITY_SIGNALS } from "../../facilities/libc/signal.ts";
import { Scope } from "../../facilities/scope.ts";
import { createSharedPage, mapSharedPage } from "../../facilities/shared_page.ts";
import { LEAVES, loadFacility } from "../../facilities/taxonomy.ts";
import { messageQueues } from "../message_queues.ts";
import type { Order } from "./participant.ts";

// Loaded now, no library is opened within a test, which would look like a leak.
for (const leaf of LEAVES) await leaf.load();

const TEMPORARY = "ipc-taxonomy-test-";
const PROGRAM = import.meta.resolve("./participant.ts");

/** Whoever takes longer hangs; a busy machine makes the slowest of them take 20 s. */
const PATIENCE_MS = 120_000;

/** One participant under way. */
export interface Running {
  /** 0 for a thread. */
  readonly pid: number;
  /** Resolves to what it reports: null when all was well, undefined when it was killed. */
  readonly report: Promise<string | null | undefined>;
  kill(signal: Deno.Signal): void;
}

/** A facility's objects, a shared page, and whoever is started on them. */
export interface Company {
  readonly memory: Memory;
  readonly created: Created;
  /** Resolves when the word is 1. */
  told(word: number): Promise<void>;
  start(task: Order["task"], role: Role, rank: number, rounds?: number): Running;
}

export interface Setting {
  facility: string;
  capability: Capability;
  participants: Participants;
  count?: number;
  variant?: string;
  /** Other options of the offer's `create`. */
  options?: Partial<CreateOptions>;
}

/** Runs `act` with a facility's objects; asserts that nothing is left behind. */
export async function withCompany(
  { facility, capability, participants, count = 2, variant, options }: Setting,
  act: (company: Company) => Promise<void>,
): Promise<void> {
  blockSignals(FACILITY_SIGNALS);
  const whole = () =>
    withFolder(async (folder) => {
      using scope = new Scope(`${folder}/scope`);
      const offer = (await loadFacility(facility))[capability]!;
      using created = await offer.create({
        variant,
        maxBytes: 4,
        participants,
        count,
        scope,
        ...options,
      });
      using page = createSharedPage();
      using memory = mapSharedPage(page.fd);
      const start = participants === "process" ? startProcess : startThread;
      await act({
        memory,
        created,
        told: (word) => until(() => Atomics.load(memory.words, word) === 1),
        start: (task, role, rank, rounds = 1) =>
          start({
            facility,
            capability,
            link: created.link,
            role,
            rank,
            count,
            task,
            rounds,
            page: page.fd,
          }),
      });
    });
  await leavingNothing(whole);
}

/** Does it with a temporary folder, which goes away afterwards. */
export async function withFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: TEMPORARY });
  try {
    await act(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Lets `count` participants do one task and asserts that all of them did it well. */
export async function together(
  setting: Setting,
  task: Order["task"],
  rounds: number,
  afterwards: (memory: Memory) => void = () => {},
): Promise<void> {
  await withCompany(setting, async ({ start, memory }) => {
    const { count = 2 } = setting;
    const role = (rank: number): Role => count === 1 ? "solo" : rank === 0 ? "initiator" : "peer";
    const running = Array.from(
      { length: count },
      (_, rank) => start(task, role(rank), rank, rounds),
    );
    const reports = await Promise.all(running.map(({ report }) => report));
    assertEquals(reports, reports.map(() => null));
    afterwards(memory);
  });
}

function startProcess(order: Order): Running {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-ffi",
      "--allow-read",
      PROGRAM,
      JSON.stringify(order),
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = child.output().then(({ stdout, success }) =>
    success ? JSON.parse(new TextDecoder().decode(stdout)) as string | null : undefined
  );
  const report = inTime(output, order, () => child.kill("SIGKILL"));
  return { pid: child.pid, report, kill: (signal) => child.kill(signal) };
}

function startThread(order: Order): Running {
  const worker = new Worker(PROGRAM, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  worker.onmessage = ({ data }) => {
    worker.terminate();
    resolve(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  worker.postMessage(order);
  return {
    pid: 0,
    report: inTime(promise, order, () => worker.terminate()),
    kill() {
      throw new TypeError("Cannot kill a thread");
    },
  };
}

/** What a participant reports; one that hangs is stopped, and said to hang. */
function inTime<T>(report: Promise<T>, { facility, role, task }: Order, stop: () => void) {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    stop();
    const queued = /^SigQ:\s*(.*)$/m.exec(readText("/proc/self/status"))?.[1];
    reject(
      new Error(
        `the ${role} of ${facility} did not end "${task}" within ${PATIENCE_MS / 1000} s` +
          ` (signals queued for this user, of how many: ${queued})`,
      ),
    );
  }, PATIENCE_MS);
  return Promise.race([report, late]).finally(() => clearTimeout(timer));
}

/** Looks again and again, and resolves when the condition holds. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${PATIENCE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Resolves when the main thread of a process is in a state: `S` asleep, `T` stopped. */
export async function inState(pid: number, state: "S" | "T"): Promise<void> {
  await until(() => readText(`/proc/${pid}/stat`).split(") ")[1]![0] === state);
}

/** What the kernel keeps by a name: POSIX objects and those of System V, by key and id. */
export function inventory(): string[] {
  return [
    ...tryListFolder("/dev/shm").filter((name) => name.includes("ipc-taxonomy")),
    ...messageQueues().filter((name) => name.includes("ipc-taxonomy")).map((name) => `mq ${name}`),
    ...["msg", "sem", "shm"].flatMap((kind) => {
      const lines = readText(`/proc/sysvipc/${kind}`).trim().split("\n").slice(1);
      return lines.map((line) => `${kind} ${line.trim().split(/\s+/).slice(0, 2).join(" ")}`);
    }),
  ];
}

/** How long objects of other processes may come and go, milliseconds. */
const OTHERS_MS = 5_000;

/** Asserts that the kernel keeps nothing but `before`. Others may be making and removing objects. */
export async function assertOnly(before: readonly string[]): Promise<void> {
  const end = performance.now() + OTHERS_MS;
  const added = () => inventory().filter((name) => !before.includes(name));
  let left = added();
  while (left.length > 0 && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    left = left.filter((name) => added().includes(name));
  }
  assertEquals(left, []);
}

/** Does it and asserts that it left nothing behind. */
export async function leavingNothing(act: () => Promise<void>): Promise<void> {
  const before = inventory();
  await act();
  await assertOnly(before);
}
