/**
 * Whether a thread sleeps in the very call it was ordered to make.
 *
 * The state S alone fits an idle event loop, so the system call is read as well. A futex counts only
 * where its word lies in shared memory: the runtime sleeps on futexes of its own.
 *
 * @see {@link https://man7.org/linux/man-pages/man5/proc_pid_syscall.5.html proc_pid_syscall(5)}
 * @module
 */
import { SystemCallError } from "../../facilities/libc/errno.ts";
import { readText } from "../../facilities/libc/files.ts";
import { readlink } from "../../facilities/libc/unistd.ts";

/** A call that a thread sleeps in. */
export interface Sleep {
  /** For example `read`. */
  readonly call: string;
  /** What its first argument stands for, for example `pipe:[4711]`. */
  readonly on: string;
}

/** For example `read on pipe:[4711]`. */
export function describe({ call, on }: Sleep): string {
  return `${call} on ${on}`;
}

/** Calls of which the first argument is a descriptor (`asm/unistd.h`): x86_64, aarch64. */
const ON_DESCRIPTOR: Record<string, [number, number]> = {
  read: [0, 63],
  write: [1, 64],
  accept: [43, 202],
  accept4: [288, 242],
  sendto: [44, 206],
  recvfrom: [45, 207],
  sendmsg: [46, 211],
  recvmsg: [47, 212],
  fcntl: [72, 25],
  flock: [73, 32],
  openat: [257, 56],
  mq_timedsend: [242, 182],
  mq_timedreceive: [243, 183],
};

const ON_OTHER: Record<string, [number, number]> = {
  poll: [7, -1],
  ppoll: [271, 73],
  semop: [65, 193],
  semtimedop: [220, 192],
  msgsnd: [69, 189],
  msgrcv: [70, 188],
  rt_sigtimedwait: [128, 137],
  futex: [202, 98],
};

const column = Deno.build.arch === "aarch64" ? 1 : 0;
const NAMES = new Map(
  Object.entries({ ...ON_DESCRIPTOR, ...ON_OTHER }).map(([name, numbers]) => [
    numbers[column],
    name,
  ]),
);

/**
 * The call that the thread sleeps in now, or null while it runs or idles.
 *
 * @throws {SystemCallError} EACCES, ENOENT, EPERM
 */
export function sleepOf(process: number, thread: number): Sleep | null {
  const task = `/proc/${process}/task/${thread}`;
  const first = lookAt(task);
  if (first === null || first !== lookAt(task)) return null;
  const [number, argument = "0"] = first.split(" ");
  const call = NAMES.get(Number(number));
  if (call === undefined) return null;
  if (call in ON_DESCRIPTOR) return { call, on: behind(process, Number(argument)) };
  if (/^(sem|msg)/.test(call)) return { call, on: `id ${Number(argument)}` };
  if (call !== "futex") return { call, on: "what its arguments name" };
  const mapping = sharedMapping(process, BigInt(argument));
  return mapping === null ? null : { call, on: mapping };
}

/** Whether a process's first thread runs its own code, in no system call. */
export function isRunning(process: number): boolean {
  return readText(`/proc/${process}/task/${process}/syscall`).startsWith("running");
}

/** The line of the system call it is in, or null where it is not asleep. */
function lookAt(task: string): string | null {
  const state = readText(`${task}/stat`).replace(/^.*\) /s, "").charAt(0);
  if (state !== "S") return null;
  const line = readText(`${task}/syscall`).trim();
  return line.startsWith("running") ? null : line;
}

function behind(process: number, fd: number): string {
  try {
    return readlink(`/proc/${process}/fd/${fd}`);
  } catch (error) {
    if (error instanceof SystemCallError) return `descriptor ${fd}`;
    throw error;
  }
}

/** The shared mapping that an address lies in, for example `/dev/shm/board`, or null. */
export function sharedMapping(process: number, address: bigint): string | null {
  const found = mappingOf(process, address);
  return found?.shared ? found.name : null;
}

/** A line of `/proc/PID/maps`. */
export interface Mapping {
  readonly shared: boolean;
  /** Device and inode, for example `00:01 4711`. */
  readonly file: string;
  /** Where in the file the address lies. */
  readonly offset: number;
  readonly name: string;
}

/** The mapping that an address lies in. */
export function mappingOf(process: number, address: bigint): Mapping | null {
  for (const line of readText(`/proc/${process}/maps`).split("\n")) {
    const [range = "", mode = "", offset = "", device, inode, ...name] = line.split(/\s+/);
    const [start, end] = range.split("-").map((hex) => BigInt(`0x${hex || 0}`));
    if (end === undefined || address < start! || address >= end) continue;
    return {
      shared: mode.endsWith("s"),
      file: `${device} ${inode}`,
      offset: parseInt(offset, 16) + Number(address - start!),
      name: name.join(" ") || "anonymous memory",
    };
  }
  return null;
}
