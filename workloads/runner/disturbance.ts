/**
 * What disturbed the machine between two moments: time stolen by the hypervisor, a control group
 * that was throttled, tasks that waited for a CPU, participants that were put aside.
 *
 * @see {@link https://man7.org/linux/man-pages/man5/proc_stat.5.html proc_stat(5)},
 * {@link https://docs.kernel.org/accounting/psi.html PSI}
 * @module
 */
import { foldersOf } from "./cgroup.ts";
import type { Warning } from "./document.ts";
import { type FileTree, machineFiles } from "./file_tree.ts";
import { loadOf } from "./host.ts";
import { warning } from "./warning.ts";

/** Time of one CPU since the system started, in clock ticks (10 ms). */
export interface CpuTimes {
  total: number;
  /** With nothing to do, waiting for a disk included. */
  idle: number;
  /** Taken by the hypervisor for other guests. */
  steal: number;
  /** Spent on interrupts, which belong to no process. */
  interrupts: number;
}

/** Counters of the moment; only the difference of two means something. */
export interface Snapshot {
  seconds: number;
  cpus: Map<number, CpuTimes>;
  /** Microseconds in which some task waited for a CPU; null where the kernel does not count. */
  cpuPressure: number | null;
  /** Null where no group manages CPU time. */
  throttling: Throttling | null;
  involuntarySwitches: number;
  loadAverage: number;
}

/** How often, and how long, a control group had used up its quota. */
export interface Throttling {
  periods: number;
  seconds: number;
}

/** What happened between two snapshots. */
export interface Disturbance {
  seconds: number;
  /**
   * Shares of each CPU's time, 0 to 1; busy is all but idle, what was stolen and interrupts
   * included.
   */
  cpus: { cpu: number; steal: number; interrupts: number; busy: number }[];
  /**
   * Share of the time in which some task waited for a CPU, 0 to 1. Participants that share a CPU
   * wait for each other, and a CPU kept awake has a task that always waits: then it means nothing.
   */
  cpuPressure: number | null;
  throttling: Throttling | null;
  /** Of the processes that were asked for. */
  involuntarySwitches: number;
  /** Over the last minute, at the end. */
  loadAverage: number;
}

/** Counters of this machine, with the switches of all threads of the given processes. */
export function takeSnapshot(processes: readonly number[] = []): Snapshot {
  return snapshotOf(machineFiles, performance.now() / 1000, processes);
}

export function snapshotOf(
  files: FileTree,
  seconds: number,
  processes: readonly number[] = [],
): Snapshot {
  return {
    seconds,
    cpus: parseCpuTimes(files.read("/proc/stat") ?? ""),
    cpuPressure: parsePressure(files.read("/proc/pressure/cpu") ?? ""),
    throttling: throttlingOf(files),
    involuntarySwitches: sum(processes.map((process) => switchesOf(files, process))),
    loadAverage: loadOf(files.read("/proc/loadavg") ?? "")[0],
  };
}

/** What happened from one snapshot to a later one of the same processes. */
export function between(before: Snapshot, after: Snapshot): Disturbance {
  const seconds = after.seconds - before.seconds;
  const cpus = [...after.cpus].flatMap(([cpu, now]) => {
    const then = before.cpus.get(cpu);
    const total = then ? now.total - then.total : 0;
    if (!then || total <= 0) return [];
    // The kernel corrects its idle time now and then, even downwards.
    const share = (ticks: number) => Math.min(1, Math.max(0, ticks / total));
    const idle = share(now.idle - then.idle);
    return [{
      cpu,
      steal: share(now.steal - then.steal),
      interrupts: share(now.interrupts - then.interrupts),
      busy: 1 - idle,
    }];
  });
  return {
    seconds,
    cpus,
    cpuPressure: before.cpuPressure === null || after.cpuPressure === null
      ? null
      : Math.min(1, (after.cpuPressure - before.cpuPressure) / 1e6 / seconds),
    throttling: before.throttling && after.throttling && {
      periods: after.throttling.periods - before.throttling.periods,
      seconds: after.throttling.seconds - before.throttling.seconds,
    },
    involuntarySwitches: after.involuntarySwitches - before.involuntarySwitches,
    loadAverage: after.loadAverage,
  };
}

/** A CPU of which the hypervisor took more than this share was not the trial's own. */
const STEAL_TOLERATED = 0.01;

/**
 * What processes other than one's own used of the given CPUs, in CPUs: 0.5 is half of one. At least
 * that: what one's own used elsewhere is taken to have been used there.
 */
export function othersOn(
  disturbance: Disturbance,
  cpus: readonly number[],
  ownSeconds: number,
): number {
  const used = disturbance.cpus.filter(({ cpu }) => cpus.includes(cpu))
    .map(({ busy, steal, interrupts }) => busy - steal - interrupts);
  return Math.max(0, sum(used) - ownSeconds / disturbance.seconds);
}

/** Something that makes a trial suspect. */
export interface Suspicion {
  /** How a trial is marked. */
  readonly mark: Warning;
  /** The same without its amount: what can be said of many trials. */
  readonly kind: Warning;
}

/** What of it makes a trial on the given CPUs suspect; empty where nothing does. */
export function suspicions(disturbance: Disturbance, cpus: readonly number[]): Suspicion[] {
  const found: Suspicion[] = [];
  for (const { cpu, steal } of disturbance.cpus) {
    if (!cpus.includes(cpu) || steal <= STEAL_TOLERATED) continue;
    found.push({
      mark: warning("steal", `the hypervisor took ${percent(steal)} of CPU ${cpu}`),
      kind: warning("steal", `the hypervisor took part of CPU ${cpu}`),
    });
  }
  if (disturbance.throttling && disturbance.throttling.periods > 0) {
    const { periods, seconds } = disturbance.throttling;
    const ranOut = "the CPU quota ran out";
    found.push({
      mark: warning(
        "quota-ran-out",
        `${ranOut} ${periods} times, for ${seconds.toFixed(3)} s in all`,
      ),
      kind: warning("quota-ran-out", ranOut),
    });
  }
  return found;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** Times by CPU from the text of /proc/stat. */
export function parseCpuTimes(text: string): Map<number, CpuTimes> {
  const cpus = new Map<number, CpuTimes>();
  for (const [, cpu, line] of text.matchAll(/^cpu(\d+) +(.+)$/gm)) {
    // Guest time, the last two fields, is part of user time.
    const ticks = line!.split(" ").map(Number).slice(0, 8);
    const [, , , idle = 0, wait = 0, hard = 0, soft = 0, steal = 0] = ticks;
    cpus.set(Number(cpu), {
      total: sum(ticks),
      idle: idle + wait,
      steal,
      interrupts: hard + soft,
    });
  }
  return cpus;
}

/** Microseconds of `some` from the text of /proc/pressure/cpu. */
export function parsePressure(text: string): number | null {
  const total = /^some .*\btotal=(\d+)/m.exec(text)?.[1];
  return total === undefined ? null : Number(total);
}

/** Counters from the text of a group's `cpu.stat`, of either version. */
export function parseThrottling(text: string): Throttling | null {
  const field = (name: string) => {
    const value = new RegExp(`^${name} (\\d+)`, "m").exec(text)?.[1];
    return value === undefined ? null : Number(value);
  };
  const periods = field("nr_throttled");
  if (periods === null) return null;
  const nanoseconds = field("throttled_time") ?? (field("throttled_usec") ?? 0) * 1e3;
  return { periods, seconds: nanoseconds / 1e9 };
}

/** Of this process's group and all above it: any of them may run out. */
function throttlingOf(files: FileTree): Throttling | null {
  const all = (foldersOf(files, "cpu")?.folders ?? [])
    .map((folder) => parseThrottling(files.read(`${folder}/cpu.stat`) ?? ""))
    .filter((one) => one !== null);
  if (all.length === 0) return null;
  return {
    periods: sum(all.map(({ periods }) => periods)),
    seconds: sum(all.map(({ seconds }) => seconds)),
  };
}

/** Involuntary switches of a process's threads; those of threads that ended are lost. */
function switchesOf(files: FileTree, process: number): number {
  const folder = `/proc/${process}/task`;
  return sum(
    files.list(folder).map((thread) => {
      const status = files.read(`${folder}/${thread}/status`) ?? "";
      return Number(/^nonvoluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1] ?? 0);
    }),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
