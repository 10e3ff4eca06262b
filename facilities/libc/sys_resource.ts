/**
 * `sys/resource.h`: what a participant consumed, and what it may consume.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/getrusage.2.html getrusage(2)},
 * {@link https://man7.org/linux/man-pages/man2/prlimit.2.html prlimit(2)}
 * @module
 */
import { check } from "./errno.ts";
import { open, openRare } from "./library.ts";
import { Struct } from "./memory.ts";
import { clock_gettime } from "./time.ts";

const RUSAGE_SELF = 0;
const RUSAGE_CHILDREN = -1;
const RUSAGE_THREAD = 1;
const CLOCK_PROCESS_CPUTIME_ID = 2;
const CLOCK_THREAD_CPUTIME_ID = 3;

/** Resource numbers (`asm-generic/resource.h`). */
export const RLIMIT = {
  NOFILE: 7,
  AS: 9,
  MEMLOCK: 8,
  SIGPENDING: 11,
  MSGQUEUE: 12,
  FSIZE: 1,
} as const;

const c = open({
  getrusage: { parameters: ["i32", "pointer"], result: "i32" },
});

const rare = openRare({
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
});

/** Consumption so far. */
export interface Usage {
  /** User and system time, nanoseconds. */
  cpuNs: number;
  minorFaults: number;
  voluntarySwitches: number;
  involuntarySwitches: number;
}

/** `struct rusage` */
const RUSAGE = { size: 144, ru_minflt: 64, ru_nvcsw: 128, ru_nivcsw: 136 };
/** `struct timespec` */
const TIMESPEC = { size: 16, tv_sec: 0, tv_nsec: 8 };

const rusage = new Struct(RUSAGE.size);
const timespec = new Struct(TIMESPEC.size);

/**
 * Consumption of the whole process, or of the calling thread alone.
 *
 * The time is the CPU clock's, which is the sum that getrusage splits into user and system time:
 * getrusage rounds it to microseconds, and for a single thread leaves out what it used since the
 * last tick.
 */
export function usage(of: "process" | "thread"): Usage {
  const whole = of === "process";
  const clock = whole ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID;
  check("getrusage", c.getrusage(whole ? RUSAGE_SELF : RUSAGE_THREAD, rusage.pointer));
  check("clock_gettime", clock_gettime(clock, timespec.pointer));
  return {
    cpuNs: timespec.i64(TIMESPEC.tv_sec) * 1e9 + timespec.i64(TIMESPEC.tv_nsec),
    minorFaults: rusage.i64(RUSAGE.ru_minflt),
    voluntarySwitches: rusage.i64(RUSAGE.ru_nvcsw),
    involuntarySwitches: rusage.i64(RUSAGE.ru_nivcsw),
  };
}

/** CPU time in seconds of this process, and of those of its descendants that have been waited for. */
export function cpuSecondsOfFamily(): number {
  let seconds = 0;
  for (const who of [RUSAGE_SELF, RUSAGE_CHILDREN]) {
    check("getrusage", c.getrusage(who, rusage.pointer));
    // User and system time: two `struct timeval`.
    seconds += rusage.i64(0) + rusage.i64(16) + (rusage.i64(8) + rusage.i64(24)) / 1e6;
  }
  return seconds;
}

/** A limit's soft and hard value; `Infinity` for unlimited. */
export function resourceLimit(resource: number): { soft: number; hard: number } {
  const limit = new BigUint64Array(2);
  check("getrlimit", rare.getrlimit(resource, limit));
  return { soft: fromLimit(limit[0]!), hard: fromLimit(limit[1]!) };
}

/** @throws {SystemCallError} EINVAL, EPERM */
export function setResourceLimit(resource: number, soft: number, hard: number): void {
  check("setrlimit", rare.setrlimit(resource, new BigUint64Array([toLimit(soft), toLimit(hard)])));
}

const UNLIMITED = 0xffff_ffff_ffff_ffffn;

function fromLimit(value: bigint): number {
  return value === UNLIMITED ? Infinity : Number(value);
}

function toLimit(value: number): bigint {
  return value === Infinity ? UNLIMITED : BigInt(value);
}
