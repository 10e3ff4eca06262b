/**
 * What `/sys/devices/system` says on machines of several shapes, written down by hand in the
 * kernel's own words, and what else the host facts are read from.
 *
 * @module
 */
const SYSTEM = "/sys/devices/system";

/** One CPU's folder. Lists are the kernel's (`0-3,8`); a cache is written `level: sharing CPUs`. */
interface CpuFolder {
  coreId?: number;
  socket?: number;
  /** Hardware threads of its core. */
  threads?: string;
  /** Older kernels have only `thread_siblings_list`. */
  oldKernel?: boolean;
  caches?: Record<number, string>;
  capacity?: number;
}

function cpuFolder(cpu: number, folder: CpuFolder): Record<string, string> {
  const at = `${SYSTEM}/cpu/cpu${cpu}`;
  const threads = folder.threads ?? `${cpu}`;
  const texts: Record<string, string> = {
    [`${at}/topology/core_id`]: `${folder.coreId ?? cpu}\n`,
    [`${at}/topology/physical_package_id`]: `${folder.socket ?? 0}\n`,
    [`${at}/topology/thread_siblings_list`]: `${threads}\n`,
  };
  if (!folder.oldKernel) texts[`${at}/topology/core_cpus_list`] = `${threads}\n`;
  if (folder.capacity) texts[`${at}/cpu_capacity`] = `${folder.capacity}\n`;
  // The first level has an index for data and one for instructions.
  const caches = [[1, threads], ...Object.entries(folder.caches ?? { 1: threads })];
  for (const [index, [level, sharing]] of caches.entries()) {
    texts[`${at}/cache/index${index}/level`] = `${level}\n`;
    texts[`${at}/cache/index${index}/shared_cpu_list`] = `${sharing}\n`;
  }
  return texts;
}

function machine(
  online: string,
  cpus: CpuFolder[],
  nodes: string[] = [online],
): Record<string, string> {
  return Object.assign(
    { [`${SYSTEM}/cpu/online`]: `${online}\n` },
    ...cpus.map((folder, cpu) => cpuFolder(cpu, folder)),
    ...nodes.map((list, node) => ({ [`${SYSTEM}/node/node${node}/cpulist`]: `${list}\n` })),
  );
}

/** A small virtual machine. */
export const ONE_CPU = machine("0", [{ caches: { 1: "0", 2: "0", 3: "0" } }]);

/** A four-core desktop with two threads a core: Linux numbers the second threads 4 to 7. */
export const SMT = machine(
  "0-7",
  [0, 1, 2, 3, 0, 1, 2, 3].map((core) => {
    const threads = `${core},${core + 4}`;
    return { coreId: core, threads, caches: { 1: threads, 2: threads, 3: "0-7" } };
  }),
);

/** Two sockets of four cores, no SMT; a NUMA node each. `core_id` starts anew in each socket. */
export const TWO_SOCKETS = machine(
  "0-7",
  [0, 1, 2, 3, 0, 1, 2, 3].map((coreId, cpu) => ({
    coreId,
    socket: cpu < 4 ? 0 : 1,
    oldKernel: true,
    caches: { 1: `${cpu}`, 2: `${cpu}`, 3: cpu < 4 ? "0-3" : "4-7" },
  })),
  ["0-3", "4-7"],
);

/**
 * Four LITTLE cores (0-3) and four big ones (4-7) on one chip; the second level is the last and each
 * cluster has its own. `core_id` starts anew in each cluster although the socket is one.
 */
export const BIG_LITTLE = machine(
  "0-7",
  [0, 1, 2, 3, 0, 1, 2, 3].map((coreId, cpu) => ({
    coreId,
    capacity: cpu < 4 ? 462 : 1024,
    caches: { 1: `${cpu}`, 2: cpu < 4 ? "0-3" : "4-7" },
  })),
);

/** One socket of eight cores in two core complexes, each with a third-level cache, as EPYC has. */
export const SEVERAL_CACHES = machine(
  "0-7",
  [0, 1, 2, 3, 4, 5, 6, 7].map((cpu) => ({
    caches: { 1: `${cpu}`, 2: `${cpu}`, 3: cpu < 4 ? "0-3" : "4-7" },
  })),
);

/** The desktop with SMT, inside a version 2 control group that leaves CPUs 2 and 5. */
export const CPUSET = {
  ...SMT,
  "/proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n",
  "/proc/self/cgroup": "0::/ci.slice/job-7.scope\n",
  "/sys/fs/cgroup/ci.slice/job-7.scope/cpuset.cpus.effective": "2,5\n",
  "/sys/fs/cgroup/ci.slice/job-7.scope/cpu.max": "max 100000\n",
  "/sys/fs/cgroup/ci.slice/cpu.max": "150000 100000\n",
  "/sys/fs/cgroup/ci.slice/job-7.scope/memory.max": "4294967296\n",
  "/sys/fs/cgroup/ci.slice/memory.max": "max\n",
};

/** The desktop with SMT, seen from a container under version 1 without a cgroup namespace. */
export const CONTAINER_V1 = {
  ...SMT,
  "/proc/self/mountinfo": [
    "663 660 0:32 /docker/f00d /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct",
    "664 660 0:33 /docker/f00d /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory",
    "665 660 0:34 /docker/f00d /sys/fs/cgroup/cpuset ro - cgroup cgroup rw,cpuset",
    "666 660 0:35 / /sys/fs/cgroup/unified ro - cgroup2 cgroup rw",
    "",
  ].join("\n"),
  "/proc/self/cgroup": [
    "4:memory:/docker/f00d",
    "3:cpuset:/docker/f00d",
    "2:cpu,cpuacct:/docker/f00d",
    "0::/docker/f00d",
    "",
  ].join("\n"),
  "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000\n",
  "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
  "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
  "/sys/fs/cgroup/cpuset/cpuset.cpus": "0-3\n",
};

/** A machine that tells nothing of its CPUs, as some sandboxes do. */
export const SILENT = {
  "/proc/version": "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016",
};
