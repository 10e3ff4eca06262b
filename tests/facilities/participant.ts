/**
 * The other side of `together.ts`: attaches to a link and does one task, as a process or as a
 * thread. It reports `null`, or what went wrong.
 *
 * @module
 */
import type { Capability, Channel, Link, Lock, Notifier, Role } from "../../facilities/facility.ts";
import { futexWait, futexWake } from "../../facilities/libc/linux_futex.ts";
import type { Memory } from "../../facilities/libc/memory.ts";
import { sched_yield } from "../../facilities/libc/sched.ts";
import { dieWithParent } from "../../facilities/libc/sys_prctl.ts";
import { getppid } from "../../facilities/libc/unistd.ts";
import { mapSharedPage } from "../../facilities/shared_page.ts";
import { loadFacility } from "../../facilities/taxonomy.ts";

export interface Order {
  facility: string;
  capability: Capability;
  link: Link;
  role: Role;
  rank: number;
  count: number;
  task: keyof typeof TASKS;
  rounds: number;
  /** Descriptor of the page that the tests and all participants share. */
  page: number;
}

/** Indices of words in the shared page. */
export const WORD = { counter: 0, ready: 32, turn: 64, held: 96, letGo: 128, about: 160 };

interface Stage extends Order {
  // What the offer's attach returned.
  // deno-lint-ignore no-explicit-any
  it: any;
  memory: Memory;
}

const TASKS = {
  /** Takes turns; finds in `turn` what the other side wrote before it posted. */
  "hand-off"({ it, role, rounds, memory: { words } }: Stage) {
    const notifier = it as Notifier;
    for (let round = 1; round <= rounds; round++) {
      if (role !== "peer") {
        words[WORD.turn] = 2 * round;
        notifier.post();
      }
      if (role !== "initiator") {
        notifier.wait();
        expect(words[WORD.turn], 2 * round, `turn of round ${round}`);
      }
      if (role === "peer") {
        words[WORD.turn] = 2 * round + 1;
        notifier.post();
      }
      if (role === "initiator") {
        notifier.wait();
        expect(words[WORD.turn], 2 * round + 1, `answer of round ${round}`);
      }
    }
  },

  /** Adds to the counter, in two steps that only a lock keeps together. */
  increment({ it, rounds, rank, memory: { words } }: Stage) {
    const [lock] = it as Lock[];
    for (let round = 0; round < rounds; round++) {
      lock!.acquire();
      const seen = words[WORD.counter]!;
      if ((round + rank) % 8 === 0) sched_yield();
      words[WORD.counter] = seen + 1;
      lock!.release();
    }
  },

  /** Passes turns on by releasing one of three locks and acquiring the next. */
  "lock-hand-off"({ it, role, rounds, memory }: Stage) {
    const locks = it as Lock[];
    const { words } = memory;
    let k = role === "initiator" ? 0 : 1;
    for (const held of role === "initiator" ? [0, 2] : [1]) locks[held]!.acquire();
    allReady(memory, 2 * 2);
    if (role === "peer") locks[0]!.acquire();
    for (let round = 0; round < rounds; round++) {
      const turn = 2 * round + (role === "initiator" ? 0 : 1);
      expect(words[WORD.turn], turn, "turn");
      words[WORD.turn] = turn + 1;
      locks[k]!.release();
      if (role === "peer" && round === rounds - 1) break;
      locks[(k + 1) % 3]!.acquire();
      k = (k + 2) % 3;
    }
  },

  /** The initiator sends as fast as it can, then receives as many; sizes change every round. */
  stream({ it, role, rounds }: Stage) {
    const channel = it as Channel;
    const sizes = [1, 4, 3, 2];
    const send = (salt: number) => {
      for (let round = 0; round < rounds; round++) {
        const size = sizes[(round >> 4) % sizes.length]!;
        const { bytes } = channel.outgoing();
        for (let at = 0; at < size; at++) bytes[at] = patternByte(round + salt, at);
        channel.send(size);
      }
    };
    const receive = (salt: number) => {
      for (let round = 0; round < rounds; round++) {
        const size = sizes[(round >> 4) % sizes.length]!;
        const { bytes } = channel.receive(size);
        for (let at = 0; at < size; at++) {
          expect(bytes[at], patternByte(round + salt, at), `byte ${at} of message ${round}`);
        }
      }
    };
    channel.prepare(4);
    if (role === "initiator") {
      send(0);
      receive(5);
    } else {
      receive(0);
      send(5);
    }
  },

  /** Each takes one of two locks and then wants the other's. */
  cross({ it, rank, memory }: Stage) {
    const locks = it as Lock[];
    locks[rank]!.acquire();
    allReady(memory, 2 * 2);
    locks[1 - rank]!.acquire();
  },

  /** Takes lock 0, if it is given locks, and keeps it until told; then releases, or posts. */
  hold({ it, memory }: Stage) {
    if (Array.isArray(it)) (it as Lock[])[0]!.acquire();
    tell(memory, WORD.held);
    awaitWord(memory, WORD.letGo);
    if (Array.isArray(it)) (it as Lock[])[0]!.release();
    else (it as Notifier).post();
  },

  /** Receives one byte; SIGHUP is handled, so that it interrupts calls instead of ending the process. */
  "receive-once"({ it, memory }: Stage) {
    Deno.addSignalListener("SIGHUP", () => {});
    tell(memory, WORD.about);
    (it as Channel).receive(1);
    tell(memory, WORD.counter);
  },

  /** Acquires lock 0, or waits for a post, when the holder is ready. */
  "wait-once"({ it, memory }: Stage) {
    awaitWord(memory, WORD.held);
    tell(memory, WORD.about);
    if (Array.isArray(it)) (it as Lock[])[0]!.acquire();
    else (it as Notifier).wait();
    tell(memory, WORD.counter);
  },
};

function patternByte(message: number, at: number): number {
  return (Math.imul(message, 167) + Math.imul(at + 1, 59) + (message >> 8)) & 0xff;
}

function expect(found: unknown, expected: unknown, what: string): void {
  if (found !== expected) throw new Error(`${what} is ${found} instead of ${expected}`);
}

/** Sets a word to 1 and wakes who waits for that. */
export function tell(memory: Memory, word: number): void {
  Atomics.store(memory.words, word, 1);
  futexWake(memory.at(word * 4), 1024);
}

function awaitWord(memory: Memory, word: number): void {
  while (Atomics.load(memory.words, word) === 0) futexWait(memory.at(word * 4), 0);
}

/** Waits until as many as `total` came here (or to an earlier call). */
function allReady(memory: Memory, total: number): void {
  const { words } = memory;
  const address = memory.at(WORD.ready * 4);
  Atomics.add(words, WORD.ready, 1);
  futexWake(address, 1024);
  for (;;) {
    const ready = Atomics.load(words, WORD.ready);
    if (ready >= total) return;
    futexWait(address, ready);
  }
}

async function perform(order: Order): Promise<string | null> {
  try {
    using memory = mapSharedPage(order.page);
    const { [order.capability]: offer } = await loadFacility(order.facility);
    const it = await offer!.attach(order.link, order.role);
    allReady(memory, order.count);
    TASKS[order.task]({ ...order, it, memory });
    for (const each of Array.isArray(it) ? it : [it]) {
      each[Symbol.dispose]();
      each[Symbol.dispose]();
    }
    return null;
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
  }
}

if ("WorkerGlobalScope" in globalThis) {
  const thread = self as unknown as Worker;
  thread.onmessage = async ({ data }: MessageEvent<Order>) => {
    thread.postMessage(await perform(data));
  };
} else if (import.meta.main) {
  dieWithParent(getppid());
  console.log(JSON.stringify(await perform(JSON.parse(Deno.args.at(-1)!))));
}
