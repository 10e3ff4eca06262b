/**
 * `signal.h`: sending, blocking and waiting for signals.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/signal.7.html signal(7)}
 * @module
 */
import { check, checkReturned } from "./errno.ts";
import { open } from "./library.ts";
import { Struct } from "./memory.ts";

export const SIGINT = 2;
export const SIGKILL = 9;
export const SIGUSR1 = 10;
export const SIGUSR2 = 12;
/** glibc keeps 32 and 33 for itself. */
export const SIGRTMIN = 34;
export const SIGRTMAX = 64;

const SIG_BLOCK = 0;
const SIG_UNBLOCK = 1;
const SIG_IGN = 1n;
/** Bytes of a `sigset_t` in glibc. */
const SET_BYTES = 128;

const c = open({
  pthread_sigmask: { parameters: ["i32", "pointer", "pointer"], result: "i32" },
  kill: { parameters: ["i32", "i32"], result: "i32" },
  signal: { parameters: ["i32", "usize"], result: "usize" },
});

/** A `sigset_t` that holds the given signals. */
export function signalSet(...signals: number[]): Struct {
  const set = new Struct(SET_BYTES);
  for (const signal of signals) set.bytes[(signal - 1) >> 3]! |= 1 << ((signal - 1) & 7);
  return set;
}

/** The signals that the suite's facilities use. */
export const FACILITY_SIGNALS: readonly number[] = [
  SIGUSR1,
  SIGUSR2,
  ...Array.from({ length: SIGRTMAX - SIGRTMIN + 1 }, (_, index) => SIGRTMIN + index),
];

/** Blocks signals in the calling thread and in all it starts from now on. */
export function blockSignals(signals: readonly number[]): void {
  const set = signalSet(...signals);
  checkReturned("pthread_sigmask", c.pthread_sigmask(SIG_BLOCK, set.pointer, null));
}

/** Takes signals out of the calling thread's mask. */
export function unblockSignals(signals: readonly number[]): void {
  const set = signalSet(...signals);
  checkReturned("pthread_sigmask", c.pthread_sigmask(SIG_UNBLOCK, set.pointer, null));
}

/** Ignores a signal in this process and in those it starts. */
export function ignoreSignal(signal: number): void {
  c.signal(signal, SIG_IGN);
}

/** @throws {SystemCallError} EINVAL, EPERM, ESRCH */
export function kill(pid: number, signal: number): void {
  check("kill", c.kill(pid, signal));
}
