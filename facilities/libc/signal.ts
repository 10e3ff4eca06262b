/**
 * `signal.h`: sending, blocking and waiting for signals.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/signal.7.html signal(7)}
 * @module
 */
import { ARCH } from "./arch.ts";
import { check, checkReturned, ERRNO, errno, unlessInterrupted } from "./errno.ts";
import { open, openRare } from "./library.ts";
import { Struct } from "./memory.ts";
import { timespecOf } from "./time.ts";
import { getpid, getuid } from "./unistd.ts";

// As the C header does.
export { SIGINT } from "./signal_action.ts";
export const SIGKILL = 9;
export const SIGUSR1 = 10;
export const SIGUSR2 = 12;
/** glibc keeps 32 and 33 for itself. */
export const SIGRTMIN = 34;
export const SIGRTMAX = 64;

const SIG_BLOCK = 0;
const SIG_UNBLOCK = 1;
/** Bytes of a `sigset_t` in glibc. */
const SET_BYTES = 128;

/** `siginfo_t`: what comes with a signal; `si_value` is a `union sigval`. */
export const SIZEOF_SIGINFO = 128;
export const SI_PID = 16;
export const SI_VALUE = 24;
const SI_SIGNO = 0;
const SI_CODE = 8;
const SI_UID = 20;
const SI_QUEUE = -1;

const c = open({
  kill: { parameters: ["i32", "i32"], result: "i32" },
  // long syscall(SYS_rt_sigtimedwait, const sigset_t *, siginfo_t *, const timespec *, size_t size)
  sigwaitinfo: {
    name: "syscall",
    parameters: ["i64", "pointer", "pointer", "pointer", "usize"],
    result: "i32",
  },
  // int sigqueue(pid_t pid, int sig, const union sigval value): receivers look at the int of the
  // union only, so the upper half of its register may hold anything, and needs no bigint.
  sigqueue: { parameters: ["i32", "i32", "i32"], result: "i32" },
  tgkill: { name: "syscall", parameters: ["i64", "i32", "i32", "i32"], result: "i32" },
  rt_tgsigqueueinfo: {
    name: "syscall",
    parameters: ["i64", "i32", "i32", "i32", "pointer"],
    result: "i32",
  },
});

const rare = openRare({
  pthread_sigmask: { parameters: ["i32", "pointer", "pointer"], result: "i32" },
  sigtimedwait: { parameters: ["pointer", "pointer", "pointer"], result: "i32" },
});

const { SYS_rt_sigtimedwait, SYS_tgkill, SYS_rt_tgsigqueueinfo } = ARCH;
/** Bytes of a set in the kernel, the first ones of glibc's. */
const KERNEL_SET_BYTES = 8n;

/** Called raw by the loops that signal; they check the result. */
export const { sigqueue } = c;
export const rawKill = c.kill;

/**
 * Sleeps until a signal of the set is pending, and takes it. Raw, too; made by `syscall`, because the
 * C library's own is a point of cancellation (see `read`).
 */
export function sigwaitinfo(
  set: Deno.PointerObject,
  information: Deno.PointerObject | null,
): number {
  return c.sigwaitinfo(SYS_rt_sigtimedwait, set, information, null, KERNEL_SET_BYTES);
}

/** `tgkill`: a signal for one thread of a process. Raw, too. */
export function tgkill(process: number, thread: number, signal: number): number {
  return c.tgkill(SYS_tgkill, process, thread, signal);
}

/** `rt_tgsigqueueinfo`: a signal with a value for one thread of a process. Raw, too. */
export function tgsigqueue(
  process: number,
  thread: number,
  signal: number,
  information: Deno.PointerObject,
): number {
  return c.rt_tgsigqueueinfo(SYS_rt_tgsigqueueinfo, process, thread, signal, information);
}

/** The `siginfo_t` of a signal sent by `sigqueue`: write the value at `SI_VALUE`. */
export function queuedSignal(signal: number): Struct {
  const information = new Struct(SIZEOF_SIGINFO)
    .setI32(SI_SIGNO, signal)
    .setI32(SI_CODE, SI_QUEUE)
    .setI32(SI_PID, getpid());
  information.view.setUint32(SI_UID, getuid(), true);
  return information;
}

/**
 * Takes all pending signals of the set, throws them away and returns how many they were.
 *
 * @throws {SystemCallError} EINVAL
 */
export function discardPending(set: Struct): number {
  const atOnce = timespecOf(0);
  for (let discarded = 0;;) {
    if (rare.sigtimedwait(set.pointer, null, atOnce.pointer) !== -1) discarded++;
    else if (errno() === ERRNO.EAGAIN) return discarded;
    else unlessInterrupted("sigtimedwait");
  }
}

/** A signal that was pending. */
export interface TakenSignal {
  readonly signal: number;
  /** `si_code`: 0 of `kill`, -1 of `sigqueue`, -3 of a message queue. */
  readonly code: number;
  /** The int that came with it. */
  readonly value: number;
}

/** Takes the next pending signal of the set, or null where there is none. */
export function takeSignal(set: Struct): TakenSignal | null {
  const [information, atOnce] = [new Struct(SIZEOF_SIGINFO), timespecOf(0)];
  if (rare.sigtimedwait(set.pointer, information.pointer, atOnce.pointer) === -1) {
    if (errno() !== ERRNO.EAGAIN) check("sigtimedwait", -1);
    return null;
  }
  const [signal, code] = [information.i32(SI_SIGNO), information.i32(SI_CODE)];
  return { signal, code, value: information.i32(SI_VALUE) };
}

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
  checkReturned("pthread_sigmask", rare.pthread_sigmask(SIG_BLOCK, set.pointer, null));
}

/** Takes signals out of the calling thread's mask. */
export function unblockSignals(signals: readonly number[]): void {
  const set = signalSet(...signals);
  checkReturned("pthread_sigmask", rare.pthread_sigmask(SIG_UNBLOCK, set.pointer, null));
}

/** @throws {SystemCallError} EINVAL, EPERM, ESRCH */
export function kill(pid: number, signal: number): void {
  check("kill", c.kill(pid, signal));
}
