/**
 * `sched.h`: which CPUs a thread may run on.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html sched_setaffinity(2)}
 * @module
 */
import { check } from "./errno.ts";
import { tryListFolder } from "./files.ts";
import { open, openRare } from "./library.ts";
import { gettid } from "./unistd.ts";

/** Bytes of a `cpu_set_t`: 1,024 CPUs. */
const SET_BYTES = 128;
const SCHED_IDLE = 5;
/** `struct sched_param` */
const SCHED_PARAM = { size: 4 };

const c = open({
  sched_yield: { parameters: [], result: "i32" },
});

const rare = openRare({
  sched_setaffinity: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  sched_getaffinity: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  sched_setscheduler: { parameters: ["i32", "i32", "buffer"], result: "i32" },
});

/** Called raw: lets another thread have the CPU. */
export const { sched_yield } = c;

/**
 * The CPUs that the calling thread may use, ascending.
 *
 * @throws {SystemCallError} EINVAL
 */
export function allowedCpus(): number[] {
  const set = new Uint8Array(SET_BYTES);
  check("sched_getaffinity", rare.sched_getaffinity(0, BigInt(SET_BYTES), set));
  const cpus: number[] = [];
  for (let cpu = 0; cpu < SET_BYTES * 8; cpu++) {
    if (set[cpu >> 3]! & (1 << (cpu & 7))) cpus.push(cpu);
  }
  return cpus;
}

/**
 * Lets thread `thread` (0: the calling one) run on the given CPUs only.
 *
 * @throws {SystemCallError} EINVAL where none of them is allowed, EPERM, ESRCH
 */
export function pin(cpus: readonly number[], thread = 0): void {
  const set = new Uint8Array(SET_BYTES);
  for (const cpu of cpus) set[cpu >> 3]! |= 1 << (cpu & 7);
  check(
    "sched_setaffinity",
    rare.sched_setaffinity(thread, BigInt(SET_BYTES), set),
    `to CPU ${cpus.join(",")}`,
  );
}

/** Moves every thread of this process but the calling one to the given CPUs. */
export function pinOtherThreads(cpus: readonly number[]): void {
  const self = gettid();
  for (const name of tryListFolder("/proc/self/task")) {
    const thread = Number(name);
    if (thread === self) continue;
    try {
      pin(cpus, thread);
    } catch {
      // The thread ended between the listing and the call.
    }
  }
}

/** Lets the calling thread run only when its CPU would idle. @throws {SystemCallError} EPERM */
export function becomeIdleClass(): void {
  check(
    "sched_setscheduler",
    rare.sched_setscheduler(0, SCHED_IDLE, new Uint8Array(SCHED_PARAM.size)),
  );
}
