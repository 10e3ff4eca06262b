/**
 * The folder that holds the scopes of one run, and how to tell whose it is and whether the run lives.
 *
 * Its name says which user's and which run's it is; only the user may enter it. The run's process
 * keeps a lock on it, which the kernel takes away with the process however that ends.
 *
 * @module
 */
import { JOURNAL, PREFIX } from "./journal.ts";
import { SystemCallError } from "./libc/errno.ts";
import { O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY, open } from "./libc/fcntl.ts";
import { tryListFolder } from "./libc/files.ts";
import { tryLock } from "./libc/sys_file.ts";
import { mkdir, ownership } from "./libc/sys_stat.ts";
import { close, geteuid } from "./libc/unistd.ts";
import { removeScopes } from "./scope.ts";
import { spareDescriptor } from "./spare_descriptor.ts";

const OTHERS_MAY_WRITE = 0o022;

/** A run's folder while the run lives. */
export class RunFolder implements Disposable {
  readonly path: string;
  readonly #lock: number;
  #disposed = false;

  /**
   * Makes the folder in the temporary folder.
   *
   * @throws {SystemCallError} EACCES, EEXIST, ENOENT, ENOSPC, EROFS
   */
  constructor(temporary: string, run: string) {
    this.path = `${temporary}/${PREFIX}-${geteuid()}-${run}`;
    mkdir(this.path);
    this.#lock = open(this.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    attempt(() => tryLock(this.#lock), false);
  }

  /** Whether it is there; after disposal that means that something could not be removed. */
  get isThere(): boolean {
    return attempt(() => ownership(this.path).isFolder, false);
  }

  /** Removes it with all scopes in it; what could not be removed is still there then. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    spareDescriptor();
    removeScopes(this.path);
    close(this.#lock);
  }
}

/** The start in UTC and 32 random bits: sorts by time, and no two runs share one. */
export function newRunId(): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  return `${time}-${crypto.getRandomValues(new Uint8Array(4)).toHex()}`;
}

const RUN_NAME = /ipc-taxonomy-(\d{1,10})-(?:[a-z]+-)?\d{8}T\d{6}Z-[0-9a-f]{8}(?![0-9a-f])/g;

/** A run's name and the user id in it. */
export interface RunName {
  readonly run: string;
  readonly uid: number;
}

/** The names of runs in a text: in that of a folder or an object, in a command line. */
export function runNamesIn(text: string): RunName[] {
  return [...text.matchAll(RUN_NAME)].map(([run, uid]) => ({ run, uid: Number(uid) }));
}

/** Whether the path is a folder of this user that nobody else may have put anything into. */
export function isOwnFolder(path: string): boolean {
  return attempt(() => {
    const { uid, mode, isFolder } = ownership(path);
    return isFolder && uid === geteuid() && (mode & OTHERS_MAY_WRITE) === 0;
  }, false);
}

/** Whether a living process holds the folder or a scope in it. */
export function isHeld(folder: string): boolean {
  const journals = tryListFolder(folder).map((name) => `${folder}/${name}/${JOURNAL}`);
  return isLocked(folder) || journals.some(isLocked);
}

/** Whether another process has a lock on it; a file that is not there has none. */
export function isLocked(path: string): boolean {
  const fd = attempt(() => open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), null);
  if (fd === null) return false;
  try {
    return attempt(() => !tryLock(fd), false);
  } finally {
    close(fd);
  }
}

/** What the step returns, or `otherwise` where the kernel refuses. */
function attempt<T>(step: () => T, otherwise: T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof SystemCallError) return otherwise;
    throw error;
  }
}
