/**
 * `sys/resource.h`: what a participant consumed, and what it may consume.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/getrusage.2.html getrusage(2)},
 * {@link https://man7.org/linux/man-pages/man2/prlimit.2.html prlimit(2)}
 * @module
 */
import { check } from "./errno.ts";
import { open } from "./library.ts";
import { Struct } from "./memory.ts";

const RUSAGE_SELF = 0;
const RUSAGE_THREAD = 1;

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
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
});

/** Consumption so far. */
export interface Usage {
  /** User and system time, nanoseconds (the kernel counts in microseconds). */
  cpuNs: number;
  minorFaults: number;
  voluntarySwitches: number;
  involuntarySwitches: number;
}

const rusage = new Struct(144);

/** Consumption of the whole process, or of the calling thread alone. */
export function usage(of: "process" | "thread"): Usage {
  check("getrusage", c.getrusage(of === "process" ? RUSAGE_SELF : RUSAGE_THREAD, rusage.pointer));
  return {
    cpuNs: (rusage.i64(0) + rusage.i64(16)) * 1e9 + (rusage.i64(8) + rusage.i64(24)) * 1e3,
    minorFaults: rusage.i64(64),
    voluntarySwitches: rusage.i64(128),
    involuntarySwitches: rusage.i64(136),
  };
}

/** A limit's soft and hard value; `Infinity` for unlimited. */
export function resourceLimit(resource: number): { soft: number; hard: number } {
  const limit = new BigUint64Array(2);
  check("getrlimit", c.getrlimit(resource, limit));
  return { soft: fromLimit(limit[0]!), hard: fromLimit(limit[1]!) };
}

/** @throws {SystemCallError} EINVAL, EPERM */
export function setResourceLimit(resource: number, soft: number, hard: number): void {
  check("setrlimit", c.setrlimit(resource, new BigUint64Array([toLimit(soft), toLimit(hard)])));
}

const UNLIMITED = 0xffff_ffff_ffff_ffffn;

function fromLimit(value: bigint): number {
  return value === UNLIMITED ? Infinity : Number(value);
}

function toLimit(value: number): bigint {
  return value === Infinity ? UNLIMITED : BigInt(value);
}
