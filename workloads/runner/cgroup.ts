/**
 * What the control group of this process allows it: versions 1 and 2, containers included.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/cgroups.7.html cgroups(7)},
 * {@link https://docs.kernel.org/admin-guide/cgroup-v2.html cgroup v2}
 * @module
 */
import type { FileTree } from "./file_tree.ts";

/** The bounds that this process's group and those above it set. */
export interface Cgroup {
  /** Version that manages CPU time; null where no group is mounted. */
  version: 1 | 2 | null;
  /** CPUs' worth of time, null when unlimited. */
  cpuQuota: number | null;
  /** CPUs of the set in the kernel's list format; null where no set is known. */
  cpuset: string | null;
  /** Null when unlimited. */
  memoryBytes: number | null;
}

/** Version 1 writes "unlimited" as the largest multiple of a page in 63 bits. */
const NO_MEMORY_LIMIT = 2 ** 62;

export function cgroupOf(files: FileTree): Cgroup {
  const cpu = foldersOf(files, "cpu");
  const cpuset = foldersOf(files, "cpuset");
  const memory = foldersOf(files, "memory");
  return {
    version: cpu?.version ?? null,
    cpuQuota: least(cpu, (folder) => quota(files, folder)),
    cpuset: first(cpuset, (folder) => cpusetOf(files, folder)),
    memoryBytes: least(memory, (folder) => memoryLimit(files, folder)),
  };
}

/**
 * The folders of the groups that hold this process under a controller, its own first, then those
 * above it as far as they can be seen; null where the controller is not mounted.
 */
export function foldersOf(
  files: FileTree,
  controller: string,
): { version: 1 | 2; folders: [string, ...string[]] } | null {
  const mounts = (files.read("/proc/self/mountinfo") ?? "").split("\n").map(parseMount);
  const groups = (files.read("/proc/self/cgroup") ?? "").split("\n").map((line) => {
    const [, controllers = "", ...path] = line.split(":");
    return { controllers: controllers.split(","), path: path.join(":") };
  });
  const mount = mounts.find((one) => one?.type === "cgroup" && one.options.includes(controller)) ??
    mounts.find((one) => one?.type === "cgroup2");
  if (!mount) return null;
  const version = mount.type === "cgroup" ? 1 : 2;
  const group = groups.find(({ controllers }) =>
    version === 1 ? controllers.includes(controller) : controllers[0] === ""
  );
  // Without a cgroup namespace the mount shows a part of the tree, and the path starts above it.
  const path = group?.path ?? "/";
  const inside = mount.root !== "/" && `${path}/`.startsWith(`${mount.root}/`)
    ? path.slice(mount.root.length)
    : path;
  const parts = inside.split("/").filter((part) => part !== "" && part !== "..");
  const folders = parts.map((_, index) => [mount.point, ...parts.slice(0, index + 1)].join("/"));
  return { version, folders: [...folders, mount.point].sort(byDepth) as [string, ...string[]] };
}

interface Mount {
  root: string;
  point: string;
  type: string;
  options: string[];
}

/** One line of /proc/PID/mountinfo, see proc_pid_mountinfo(5). */
function parseMount(line: string): Mount | null {
  const [mount, superBlock] = line.split(" - ").map((half) => half.split(" "));
  const [, , , root, point] = mount ?? [];
  const [type, , options] = superBlock ?? [];
  if (!root || !point || !type) return null;
  return { root, point, type, options: options?.split(",") ?? [] };
}

function byDepth(a: string, b: string): number {
  return b.split("/").length - a.split("/").length;
}

function first(
  controller: { folders: string[] } | null,
  read: (folder: string) => string | null,
): string | null {
  return controller?.folders.map(read).find((found) => found !== null) ?? null;
}

function least(
  controller: { folders: string[] } | null,
  read: (folder: string) => number | null,
): number | null {
  const bounds = (controller?.folders ?? []).map(read).filter((bound) => bound !== null);
  return bounds.length > 0 ? Math.min(...bounds) : null;
}

function cpusetOf(files: FileTree, folder: string): string | null {
  const names = ["cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus"];
  return names.map((name) => files.read(`${folder}/${name}`)).find((list) => !!list) ?? null;
}

/** CPUs' worth of time that one group may take. */
function quota(files: FileTree, folder: string): number | null {
  const [quota, period] = files.read(`${folder}/cpu.max`)?.split(" ") ??
    [files.read(`${folder}/cpu.cfs_quota_us`), files.read(`${folder}/cpu.cfs_period_us`)];
  const cpus = Number(quota) / Number(period);
  return quota && cpus > 0 && Number.isFinite(cpus) ? cpus : null;
}

function memoryLimit(files: FileTree, folder: string): number | null {
  const text = files.read(`${folder}/memory.max`) ?? files.read(`${folder}/memory.limit_in_bytes`);
  if (!text) return null;
  const bytes = Number(text);
  return bytes < NO_MEMORY_LIMIT ? bytes : null;
}
