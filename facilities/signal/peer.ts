/**
 * How two participants that signal each other learn who the other is: each publishes its process and
 * thread id in a shared page and waits, by futex, for the other to do the same.
 *
 * Signals go to a process by default. Between threads of one process they go to the thread, or any
 * of them could take them.
 *
 * @module
 */
import type { Created, CreateOptions, Link, Role } from "../facility.ts";
import { directionsOf } from "../directions.ts";
import { futexWait, futexWake } from "../libc/linux_futex.ts";
import { blockSignals, discardPending, signalSet, SIGRTMAX, SIGRTMIN } from "../libc/signal.ts";
import { getpid, gettid } from "../libc/unistd.ts";
import { createSharedPage, mapSharedPage } from "../shared_page.ts";

export interface PeerLink extends Link {
  page: number;
  /** Whether signals go to one thread. */
  toThread: boolean;
}

/** Whom to signal. */
export interface Peer {
  readonly process: number;
  /** Set where the signal must reach one thread. */
  readonly thread?: number;
}

let handedOut = 0;

/**
 * A realtime signal for one link alone, so that links which a participant holds at the same time do
 * not take each other's. After 31 of them it begins anew.
 */
export function nextRealtimeSignal(): number {
  return SIGRTMIN + handedOut++ % (SIGRTMAX - SIGRTMIN + 1);
}

/** Index of the thread id in a side's words; the process id follows it. */
const SIDE_WORDS = 2;

export function createMeeting({ participants }: CreateOptions): Created {
  const page = createSharedPage();
  return {
    link: { page: page.fd, toThread: participants === "thread" } satisfies PeerLink,
    [Symbol.dispose]: () => page[Symbol.dispose](),
  };
}

/**
 * Waits until both sides are ready to be signalled and returns the other one; `solo`, itself.
 *
 * What is pending from before is thrown away first. The signals must be blocked in *all* threads of
 * a participating process before it starts any, which its parent does by blocking them itself.
 */
export function meet({ page, toThread }: PeerLink, role: Role, signals: readonly number[]): Peer {
  blockSignals(signals);
  discardPending(signalSet(...signals));
  if (role === "solo") return { process: getpid(), thread: gettid() };

  using memory = mapSharedPage(page);
  const { words } = memory;
  const { outbound, inbound } = directionsOf(role);
  const mine = inbound * SIDE_WORDS;
  const theirs = outbound * SIDE_WORDS;
  words[mine + 1] = getpid();
  Atomics.store(words, mine, gettid());
  futexWake(memory.at(mine * 4), 1);
  while (Atomics.load(words, theirs) === 0) futexWait(memory.at(theirs * 4), 0);
  const process = words[theirs + 1]!;
  return toThread ? { process, thread: Atomics.load(words, theirs) } : { process };
}
