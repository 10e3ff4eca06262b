/**
 * What a participant does with signals, below the contract. All of the facilities' signals and
 * SIGINT are blocked in it, so that they stay pending until it takes them.
 *
 * @module
 */
import { check } from "../../../facilities/libc/errno.ts";
import { Struct } from "../../../facilities/libc/memory.ts";
import {
  FACILITY_SIGNALS,
  kill,
  SIGINT,
  signalSet,
  sigqueue,
  sigwaitinfo,
  SIZEOF_SIGINFO,
  type TakenSignal,
  takeSignal,
} from "../../../facilities/libc/signal.ts";
import { resourceLimit, RLIMIT, setResourceLimit } from "../../../facilities/libc/sys_resource.ts";
import { afterwards } from "./held.ts";

/** Takes all that are pending. */
export function takePending(): TakenSignal[] {
  const set = signalSet(...FACILITY_SIGNALS, SIGINT);
  const taken: TakenSignal[] = [];
  for (let next = takeSignal(set); next; next = takeSignal(set)) taken.push(next);
  return taken;
}

/** Waits for one signal and takes it. */
export function awaitSignal(signal: number): void {
  const information = new Struct(SIZEOF_SIGINFO);
  check("sigwaitinfo", sigwaitinfo(signalSet(signal).pointer, information.pointer));
}

export function sendSignal(process: number, signal: number): void {
  kill(process, signal);
}

/** Queues the signal with a value, `times` times. */
export function queueSignal(process: number, signal: number, value: number, times = 1): void {
  for (let time = 0; time < times; time++) {
    check("sigqueue", sigqueue(process, signal, value + time), `${time + 1}`);
  }
}

/** Lowers how many signals may be pending for this process, until the experiment is over. */
export function allowPending(count: number): void {
  const { soft, hard } = resourceLimit(RLIMIT.SIGPENDING);
  setResourceLimit(RLIMIT.SIGPENDING, Math.min(count, hard), hard);
  afterwards(() => setResourceLimit(RLIMIT.SIGPENDING, soft, hard));
}
