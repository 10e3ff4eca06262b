/**
 * How this machine's CPUs are related, as far as this process may use them.
 *
 * Read it once, before any thread is pinned: a pinned thread sees only the CPUs it was left.
 *
 * @see {@link https://docs.kernel.org/admin-guide/cputopology.html CPU topology in sysfs}
 * @module
 */
import { allowedCpus } from "../../facilities/libc/sched.ts";
import { cgroupOf } from "./cgroup.ts";
import { parseCpuList } from "./cpu_list.ts";
import { type FileTree, machineFiles } from "./file_tree.ts";

/** One CPU (hardware thread). */
export interface Cpu {
  cpu: number;
  /**
   * The lowest CPU of the core it belongs to. The kernel's own `core_id` is unique only within a
   * socket or cluster.
   */
  core: number;
  socket: number;
  /** NUMA node. */
  node: number;
  /** The CPUs this process may use that share its last-level cache, itself among them. */
  sharedCache: number[];
  /** Relative computing power, where CPUs differ (big.LITTLE, hybrid); 1024 is the most. */
  capacity?: number;
}

/** The CPUs this process may use, ascending. */
export type Topology = Cpu[];

/** This machine's topology. */
export function readTopology(): Topology {
  return topologyOf(machineFiles, allowedCpus());
}

/**
 * The topology that a tree describes, for the CPUs of `affinity` that are online and in the cgroup's
 * cpuset.
 *
 * Where the kernel tells nothing of caches (some virtual machines, most of gVisor), a socket is
 * taken to have one last-level cache.
 */
export function topologyOf(
  files: FileTree,
  affinity: readonly number[],
  root = "/sys/devices/system",
): Topology {
  const online = files.read(`${root}/cpu/online`);
  const cpuset = cgroupOf(files).cpuset;
  const within = (list: string | null) => {
    const cpus = list ? new Set(parseCpuList(list)) : null;
    return (cpu: number) => cpus === null || cpus.has(cpu);
  };
  const usable = affinity.filter(within(online)).filter(within(cpuset));
  const nodes = nodesOf(files, `${root}/node`);

  const cpus = usable.map((cpu) => {
    const folder = `${root}/cpu/cpu${cpu}`;
    const list = (...names: string[]) => firstList(files, names.map((name) => `${folder}/${name}`));
    const siblings = list("topology/core_cpus_list", "topology/thread_siblings_list") ?? [cpu];
    const socket = Number(files.read(`${folder}/topology/physical_package_id`) ?? 0);
    return {
      cpu,
      core: Math.min(cpu, ...siblings),
      socket,
      node: nodes.get(cpu) ?? 0,
      sharedCache: lastLevelCache(files, `${folder}/cache`),
      capacity: Number(files.read(`${folder}/cpu_capacity`) ?? 1024),
    };
  });
  const unequal = new Set(cpus.map(({ capacity }) => capacity)).size > 1;
  return cpus.map(({ capacity, ...cpu }) => ({
    ...cpu,
    sharedCache: usable.filter((other) =>
      other === cpu.cpu ||
      (cpu.sharedCache?.includes(other) ??
        cpus.some((one) => one.cpu === other && one.socket === cpu.socket))
    ),
    ...(unequal && { capacity }),
  }));
}

function firstList(files: FileTree, paths: string[]): number[] | null {
  for (const path of paths) {
    const text = files.read(path);
    if (text) return parseCpuList(text);
  }
  return null;
}

/** The CPUs that share the cache of the highest level, or null where none is described. */
function lastLevelCache(files: FileTree, folder: string): number[] | null {
  let highest = 0;
  let shared: number[] | null = null;
  for (const index of files.list(folder).filter((name) => /^index\d+$/.test(name))) {
    const level = Number(files.read(`${folder}/${index}/level`) ?? 0);
    const list = files.read(`${folder}/${index}/shared_cpu_list`);
    if (level <= highest || !list) continue;
    highest = level;
    shared = parseCpuList(list);
  }
  return shared;
}

function nodesOf(files: FileTree, folder: string): Map<number, number> {
  const nodes = new Map<number, number>();
  for (const name of files.list(folder)) {
    const node = /^node(\d+)$/.exec(name)?.[1];
    if (node === undefined) continue;
    for (const cpu of parseCpuList(files.read(`${folder}/${name}/cpulist`) ?? "")) {
      nodes.set(cpu, Number(node));
    }
  }
  return nodes;
}
