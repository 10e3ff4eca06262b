/**
 * The controls of a trial: what this machine does just now, measured on the trial's own CPUs right
 * before and after its timed region. They tell in which state the machine was (METHOD: states).
 *
 * @module
 */
import { now } from "../../facilities/libc/time.ts";
import { getppid } from "../../facilities/libc/unistd.ts";
import { compileOnNextCall } from "./compiled.ts";

/** What the controls cost, nanoseconds each. */
export interface Measured {
  readonly clockNs: number;
  readonly syscallNs: number;
  /** One spin exchange with the other CPU, where there is one. */
  readonly spinNs?: number;
}

/** Each control is the median of so many short loops: being put aside once shifts no median. */
const LOOPS = 7;
const CLOCK_TURNS = 40;
const SYSCALL_TURNS = 30;
const EXCHANGES = 40;
/** Both words of an exchange, in cache lines of their own. */
const CALL = 0;
const ANSWER = 32;
/** Words that an exchange needs. */
export const EXCHANGE_WORDS = 64;
const STOPPED = -1;
/** An exchange whose other side does not come is given up after so long. */
const PATIENCE_NS = 20e6;
/** Looks between two looks at the clock. */
const LOOKS = 1 << 14;

/** A clock reading and a null system call on this thread's CPU. */
export function measureControls(): Measured {
  const clock = new Float64Array(LOOPS);
  const syscall = new Float64Array(LOOPS);
  for (let loop = 0; loop < LOOPS; loop++) {
    const start = now();
    readClock();
    const middle = now();
    callKernel();
    const end = now();
    clock[loop] = (middle - start) / CLOCK_TURNS;
    syscall[loop] = (end - middle) / SYSCALL_TURNS;
  }
  return { clockNs: middleOf(clock), syscallNs: middleOf(syscall) };
}

function readClock(): void {
  for (let turn = 0; turn < CLOCK_TURNS; turn++) now();
}

function callKernel(): void {
  for (let turn = 0; turn < SYSCALL_TURNS; turn++) getppid();
}

/** Runs the controls, and has what they time compiled. */
export function warmControls(): void {
  measureControls();
  compileOnNextCall(readClock, callKernel);
  measureControls();
}

/** Has what times the exchange compiled; each participant has been on its side of it once. */
export function compileExchange(): void {
  compileOnNextCall(exchange, answerOther);
}

/** Calls the other CPU again and again; NaN where it did not answer in time. */
export function callOther(words: Int32Array): number {
  const times = new Float64Array(LOOPS);
  for (let loop = 0; loop < LOOPS; loop++) {
    times[loop] = exchange(words, loop * EXCHANGES) / EXCHANGES;
    if (Number.isNaN(times[loop])) break;
  }
  Atomics.store(words, CALL, STOPPED);
  return times.some(Number.isNaN) ? NaN : middleOf(times);
}

/** The time that calls and their answers take, from the one after `call` on; NaN without an answer. */
function exchange(words: Int32Array, call: number): number {
  const start = now();
  for (let turn = 1; turn <= EXCHANGES; turn++) {
    Atomics.store(words, CALL, call + turn);
    if (!answered(words, call + turn)) return NaN;
  }
  return now() - start;
}

function answered(words: Int32Array, call: number): boolean {
  const end = now() + PATIENCE_NS;
  do {
    for (let look = 0; look < LOOKS; look++) {
      if (Atomics.load(words, ANSWER) === call) return true;
    }
  } while (now() < end);
  return false;
}

/** Answers the other CPU until it stops calling. */
export function answerOther(words: Int32Array): void {
  for (let seen = 0;;) {
    const call = Atomics.load(words, CALL);
    if (call === STOPPED) return;
    if (call === seen) continue;
    seen = call;
    Atomics.store(words, ANSWER, call);
  }
}

function middleOf(values: Float64Array): number {
  return values.sort()[values.length >> 1]!;
}
