/**
 * A part of the CPU for this process and all that it starts, by a control group of its own.
 *
 * @see {@link https://docs.kernel.org/admin-guide/cgroup-v2.html cpu.max},
 * {@link https://docs.kernel.org/scheduler/sched-bwc.html cpu.cfs_quota_us}
 * @module
 */
import { isErrno } from "../../../facilities/libc/errno.ts";
import { writeText } from "../../../facilities/libc/files.ts";
import { mkdir } from "../../../facilities/libc/sys_stat.ts";
import { getpid, rmdir } from "../../../facilities/libc/unistd.ts";
import { foldersOf } from "../../../workloads/runner/cgroup.ts";
import { machineFiles } from "../../../workloads/runner/file_tree.ts";

/** The kernel's usual period. */
const PERIOD_US = 100_000;

/**
 * Moves this process into a group that gets `cpus` CPUs' worth of time; disposing moves it back.
 *
 * @throws {SystemCallError} EACCES, EBUSY, EPERM, EROFS where that is not permitted
 * @throws {Error} no control group manages CPU time here
 */
export function limitCpu(cpus: number): Disposable {
  const group = foldersOf(machineFiles, "cpu");
  if (!group) throw new Error("no control group manages CPU time here");
  const [home] = group.folders;
  const folder = `${home}/ipc-taxonomy-${getpid()}`;
  const quota = Math.round(cpus * PERIOD_US);
  if (group.version === 2) enableController(home);
  mkdir(folder, 0o755);
  try {
    if (group.version === 2) writeText(`${folder}/cpu.max`, `${quota} ${PERIOD_US}`);
    else {
      writeText(`${folder}/cpu.cfs_period_us`, String(PERIOD_US));
      writeText(`${folder}/cpu.cfs_quota_us`, String(quota));
    }
    writeText(`${folder}/cgroup.procs`, String(getpid()));
  } catch (error) {
    rmdir(folder);
    throw error;
  }
  return {
    [Symbol.dispose]() {
      writeText(`${home}/cgroup.procs`, String(getpid()));
      removeEmptied(folder);
    },
  };
}

function enableController(home: string): void {
  const enabled = machineFiles.read(`${home}/cgroup.subtree_control`)?.split(" ") ?? [];
  if (!enabled.includes("cpu")) writeText(`${home}/cgroup.subtree_control`, "+cpu");
}

/** A process that has just ended may still be counted for a moment. */
function removeEmptied(folder: string): void {
  for (const deadline = performance.now() + 2_000;;) {
    try {
      return rmdir(folder);
    } catch (error) {
      if (!isErrno(error, "EBUSY") || performance.now() > deadline) throw error;
    }
  }
}
