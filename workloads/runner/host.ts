/**
 * The facts about this machine that a run document keeps.
 *
 * @module
 */
import { getenv } from "../../facilities/libc/environment.ts";
import { allowedCpus } from "../../facilities/libc/sched.ts";
import { type SystemNames, uname } from "../../facilities/libc/sys_utsname.ts";
import { readLimits } from "../../facilities/limits.ts";
import { cgroupOf } from "./cgroup.ts";
import { cpuModelOf } from "./cpu_model.ts";
import type { Host } from "./document.ts";
import { type FileTree, machineFiles } from "./file_tree.ts";
import { topologyOf } from "./topology.ts";
import { containerOf, virtualizationOf } from "./virtualization.ts";

const CPU = "/sys/devices/system/cpu";

/**
 * This machine, now. Read it before any thread is pinned.
 *
 * In a container the host's own name and type cannot be seen; who starts it tells them in the
 * environment: IPC_TAXONOMY_HOST, IPC_TAXONOMY_INSTANCE, IPC_TAXONOMY_RUNTIME.
 */
export function readHost(): Host {
  const host = hostOf(machineFiles, allowedCpus(), uname(), readLimits());
  return {
    ...host,
    hostname: getenv("IPC_TAXONOMY_HOST") || host.hostname,
    instance: getenv("IPC_TAXONOMY_INSTANCE") || host.instance,
    runtime: getenv("IPC_TAXONOMY_RUNTIME") || host.runtime,
  };
}

/** The facts that a tree tells, with those that only calls can tell given beside it. */
export function hostOf(
  files: FileTree,
  affinity: readonly number[],
  names: SystemNames,
  limits: Host["limits"],
): Host {
  const topology = topologyOf(files, affinity);
  const cpus = topology.map(({ cpu }) => cpu);
  const cpuModel = cpuModelOf(files);
  const virtualization = virtualizationOf(files);
  return {
    machineKey: machineKeyOf({ cpuModel, cpus: cpus.length, arch: names.machine, virtualization }),
    hostname: names.node,
    kernel: `${names.system} ${names.release}`,
    arch: names.machine,
    cpuModel,
    cpus: cpus.length,
    topology,
    memoryBytes: memoryOf(files),
    governor: governorOf(files, cpus),
    turbo: turboOf(files, cpus),
    virtualization,
    instance: instanceOf(files),
    runtime: containerOf(files),
    mitigations: mitigationsOf(files),
    cgroup: cgroupOf(files),
    loadAverage: loadOf(files.read("/proc/loadavg") ?? ""),
    clockSource: files.read("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
    transparentHugePages: chosen(files.read("/sys/kernel/mm/transparent_hugepage/enabled")),
    limits,
  };
}

/** What must be equal for two runs to be comparable, in words: `AMD EPYC x2 x86_64 kvm`. */
export function machineKeyOf(
  { cpuModel, cpus, arch, virtualization }: Pick<
    Host,
    "cpuModel" | "cpus" | "arch" | "virtualization"
  >,
): string {
  return `${cpuModel} x${cpus} ${arch} ${virtualization ?? "bare-metal"}`;
}

/** Averages over 1, 5 and 15 minutes, see proc_loadavg(5). */
export function loadOf(text: string): [number, number, number] {
  const [one = 0, five = 0, fifteen = 0] = text.split(" ").map(Number);
  return [one, five, fifteen];
}

/** Where providers leave the type of a machine, such as `m7a.large`. */
function instanceOf(files: FileTree): string | null {
  const vendor = files.read("/sys/class/dmi/id/sys_vendor") ?? "";
  return /Amazon EC2/.test(vendor) ? files.read("/sys/class/dmi/id/product_name") : null;
}

function memoryOf(files: FileTree): number {
  const kilobytes = /^MemTotal:\s*(\d+) kB/m.exec(files.read("/proc/meminfo") ?? "")?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** The frequency governor of the usable CPUs; several joined by `, `. */
function governorOf(files: FileTree, cpus: readonly number[]): string | null {
  const governors = cpus
    .map((cpu) => files.read(`${CPU}/cpu${cpu}/cpufreq/scaling_governor`))
    .filter((governor) => governor !== null);
  return [...new Set(governors)].join(", ") || null;
}

/** True where a CPU may run above its nominal frequency; null where nothing tells. */
function turboOf(files: FileTree, cpus: readonly number[]): boolean | null {
  const noTurbo = files.read(`${CPU}/intel_pstate/no_turbo`);
  if (noTurbo !== null) return noTurbo === "0";
  const boosts = [
    `${CPU}/cpufreq/boost`,
    ...cpus.map((cpu) => `${CPU}/cpu${cpu}/cpufreq/boost`),
  ].map(files.read).filter((boost) => boost !== null);
  return boosts.length > 0 ? boosts.includes("1") : null;
}

function mitigationsOf(files: FileTree): Record<string, string> {
  const folder = `${CPU}/vulnerabilities`;
  return Object.fromEntries(
    files.list(folder).map((name) => [name, files.read(`${folder}/${name}`) ?? "unreadable"]),
  );
}

/** The bracketed word of `always [madvise] never`. */
function chosen(text: string | null): string | null {
  return /\[(\w+)\]/.exec(text ?? "")?.[1] ?? null;
}
