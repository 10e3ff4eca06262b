/** What must not grow, as it is now. @module */
import { listFolder, readText, tryListFolder } from "../../facilities/libc/files.ts";
import { geteuid } from "../../facilities/libc/unistd.ts";
import { messageQueues } from "../message_queues.ts";

/** One look at the process, the kernel and the disk. */
export interface Vitals {
  /** Open descriptors of this process. */
  readonly descriptors: number;
  /** Lines of its `/proc/self/maps`. */
  readonly maps: number;
  /** Its resident memory. */
  readonly memoryBytes: number;
  /** Its children that have not been waited for. */
  readonly children: number;
  /** This user's System V objects, and POSIX ones with the suite's name. */
  readonly objects: number;
  /** Files and folders in the temporary folder. */
  readonly files: number;
  /** The history's file and its journals. */
  readonly storeBytes: number;
}

/** Where `/proc/sysvipc/*` have the owner's id. */
const UID = { msg: 7, sem: 4, shm: 7 } as const;

/** Looks, after the garbage is collected where that can be asked for. */
export function look(temporary: string, store: string): Vitals {
  (globalThis as { gc?: () => void }).gc?.();
  return {
    descriptors: listFolder("/proc/self/fd").length,
    maps: readText("/proc/self/maps").trimEnd().split("\n").length,
    memoryBytes: Deno.memoryUsage().rss,
    children: readText(`/proc/self/task/${Deno.pid}/children`).split(/\s+/).filter(Boolean).length,
    objects: objects(),
    files: tryListFolder(temporary).length,
    storeBytes: [store, `${store}-wal`].reduce((sum, path) => sum + sizeOf(path), 0),
  };
}

function objects(): number {
  const own = `${geteuid()}`;
  const systemV = (["msg", "sem", "shm"] as const).flatMap((kind) =>
    readText(`/proc/sysvipc/${kind}`).trimEnd().split("\n").slice(1)
      .filter((row) => row.trim().split(/\s+/)[UID[kind]] === own)
  );
  const posix = [...tryListFolder("/dev/shm"), ...messageQueues()]
    .filter((name) => /^(\/|sem\.)?ipc-taxonomy-/.test(name));
  return systemV.length + posix.length;
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
