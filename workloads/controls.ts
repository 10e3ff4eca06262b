/**
 * Control rows: what this machine does without any IPC. They are the floors under all other figures,
 * and tell whether the machine itself has changed between two runs.
 *
 * @module
 */
import { Memory } from "../facilities/libc/memory.ts";
import { toascii } from "../facilities/libc/nothing.ts";
import { memcpy } from "../facilities/libc/string.ts";
import { now } from "../facilities/libc/time.ts";
import { getppid } from "../facilities/libc/unistd.ts";
import { type Outcome, type Task, timed, type Workload } from "./workload.ts";

/** Common to all of them: one participant, no facility. */
const control = {
  needs: null,
  counts: [1],
  pace: "count",
  sized: false,
  figure: "latency",
  unit: "ns",
  better: "lower",
} as const;

function callNothing(_none: unknown, task: Task): Outcome {
  const { count, lead, batch, stamps } = task;
  let at = 0;
  let next = lead;
  for (let turn = 0; turn < lead + count; turn++) {
    if (turn === next) {
      stamps[at++] = now();
      next += batch;
    }
    toascii(turn);
  }
  stamps[at++] = now();
  return timed(task, at);
}

const nullCall: Workload = {
  ...control,
  id: "null-call",
  title: "Empty FFI call",
  summary: "A call into C and back that does nothing there.",
  loop: () => callNothing,
};

function callKernel(_none: unknown, task: Task): Outcome {
  const { count, lead, batch, stamps } = task;
  let at = 0;
  let next = lead;
  for (let turn = 0; turn < lead + count; turn++) {
    if (turn === next) {
      stamps[at++] = now();
      next += batch;
    }
    getppid();
  }
  stamps[at++] = now();
  return timed(task, at);
}

const nullSyscall: Workload = {
  ...control,
  id: "null-syscall",
  title: "Null system call",
  summary: "getppid(), the cheapest system call.",
  loop: () => callKernel,
};

function readClock(_none: unknown, task: Task): Outcome {
  const { count, lead, batch, stamps } = task;
  let at = 0;
  let next = lead;
  for (let turn = 0; turn < lead + count; turn++) {
    if (turn === next) {
      stamps[at++] = now();
      next += batch;
    }
    now();
  }
  stamps[at++] = now();
  return timed(task, at);
}

const clock: Workload = {
  ...control,
  id: "clock",
  title: "Clock reading",
  summary: "clock_gettime(CLOCK_MONOTONIC) and the sum of its fields.",
  loop: () => readClock,
};

/** Two buffers that the copies go between, made when first needed. */
let buffers: [from: Memory, to: Memory] | undefined;

function copy(_none: unknown, { count, lead, size }: Task): Outcome {
  const [from, to] = buffers!;
  for (let turn = 0; turn < lead; turn++) memcpy(to.pointer, from.pointer, size);
  const start = now();
  for (let turn = 0; turn < count; turn++) memcpy(to.pointer, from.pointer, size);
  return { start, end: now(), operations: count, stamps: 0, errors: 0 };
}

const memcpyRow: Workload = {
  ...control,
  id: "memcpy",
  title: "Memory copy",
  summary: "memcpy() of one message between two buffers: the price of one copy.",
  figure: "rate",
  unit: "bytes/s",
  better: "higher",
  sized: true,
  prepare(_none, _role, { length }) {
    if (buffers && buffers[0].length >= length) return;
    buffers?.forEach((each) => each[Symbol.dispose]());
    buffers = [Memory.allocate(length), Memory.allocate(length)];
  },
  loop: () => copy,
};

/** The control rows by id. */
export const workloads = [nullCall, nullSyscall, clock, memcpyRow] as const;
