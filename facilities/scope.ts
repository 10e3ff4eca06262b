/**
 * Names for the kernel objects of one trial, and the certainty that all of them go away.
 *
 * Every name is unguessable, and is written to a journal in the scope's own folder *before* the
 * object is made. Disposing the scope removes whatever the journal names, so an object outlives a
 * trial only if nobody is left to read the journal; `clean` reads it then.
 *
 * @module
 */
import { isErrno } from "./libc/errno.ts";
import { O_APPEND, O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, open } from "./libc/fcntl.ts";
import { listFolder, readText, tryListFolder } from "./libc/files.ts";
import { Struct } from "./libc/memory.ts";
import { cString } from "./libc/strings.ts";
import { mqUnlink } from "./libc/mqueue.ts";
import { semUnlink } from "./libc/semaphore.ts";
import { shmUnlink } from "./libc/sys_mman.ts";
import { removeMessageQueueOf } from "./libc/sys_msg.ts";
import { removeSemaphoresOf } from "./libc/sys_sem.ts";
import { removeSegmentOf } from "./libc/sys_shm.ts";
import { mkdir } from "./libc/sys_stat.ts";
import { close, rmdir, unlink, write } from "./libc/unistd.ts";

/** What kinds of object a journal can name, and how each is removed. */
const REMOVERS: Record<string, (name: string) => void | Promise<void>> = {
  shm: shmUnlink,
  mq: mqUnlink,
  sem: semUnlink,
  "sysv-sem": (key) => removeSemaphoresOf(Number(key)),
  msg: (key) => removeMessageQueueOf(Number(key)),
  "sysv-shm": (key) => removeSegmentOf(Number(key)),
};

const JOURNAL = "journal";

/** Gives out names within one folder that belongs to this user alone. */
export class Scope implements Disposable {
  readonly folder: string;
  readonly #journal: number;
  #disposed = false;

  /**
   * Makes the folder, which must not exist yet.
   *
   * @throws {SystemCallError} EEXIST when the folder is there already, EACCES, ENOENT, ENOSPC, EROFS
   */
  constructor(folder: string) {
    mkdir(folder);
    this.folder = folder;
    this.#journal = open(
      `${folder}/${JOURNAL}`,
      O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
    );
  }

  /** A path in the scope's folder. */
  path(suffix: string): string {
    return `${this.folder}/${suffix}-${random()}`;
  }

  /** The name of a POSIX object: `/ipc-taxonomy-` and random digits. */
  posixName(kind: "shm" | "mq" | "sem"): string {
    const name = `/ipc-taxonomy-${random()}`;
    this.#note(kind, name);
    return name;
  }

  /** A random System V key, never `IPC_PRIVATE`. */
  key(kind: "msg" | "sysv-sem" | "sysv-shm"): number {
    const key = crypto.getRandomValues(new Int32Array(1))[0]! || 1;
    this.#note(kind, `${key}`);
    return key;
  }

  #note(kind: string, name: string): void {
    const line = new Struct(cString(`${kind} ${name}\n`).slice(0, -1));
    write(this.#journal, line.pointer, BigInt(line.bytes.length));
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    close(this.#journal);
    removeScope(this.folder);
  }
}

/**
 * A scope that gives the names it gave out again, in the same order, for objects that are gone by
 * then: making and removing one object many times costs one line of the journal.
 */
export class RecyclingScope extends Scope {
  readonly #given: (string | number)[] = [];
  #next = 0;

  /** The next name will be the first again. */
  rewind(): void {
    this.#next = 0;
  }

  override path(suffix: string): string {
    return this.#again(() => super.path(suffix));
  }

  override posixName(...kind: Parameters<Scope["posixName"]>): string {
    return this.#again(() => super.posixName(...kind));
  }

  override key(...kind: Parameters<Scope["key"]>): number {
    return this.#again(() => super.key(...kind));
  }

  #again<T extends string | number>(make: () => T): T {
    return (this.#given[this.#next++] ??= make()) as T;
  }
}

/**
 * Removes the objects that a scope's journal names, its files and its folder. What is gone already
 * is passed over. Returns the names of what it removed.
 */
export function removeScope(folder: string): string[] {
  const removed: string[] = [];
  let journal = "";
  try {
    journal = readText(`${folder}/${JOURNAL}`);
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
  }
  for (const line of journal.split("\n")) {
    const [kind, name] = line.split(" ");
    const remove = REMOVERS[kind ?? ""];
    if (remove && name && passingOver(() => remove(name))) removed.push(`${kind} ${name}`);
  }
  for (const name of tryListFolder(folder)) {
    if (passingOver(() => unlink(`${folder}/${name}`)) && name !== JOURNAL) removed.push(name);
  }
  passingOver(() => rmdir(folder));
  return removed;
}

/** Removes every scope below a run's folder, then the folder itself. */
export function removeScopes(folder: string): string[] {
  const removed: string[] = [];
  try {
    for (const name of listFolder(folder)) removed.push(...removeScope(`${folder}/${name}`));
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    return removed;
  }
  passingOver(() => rmdir(folder));
  return removed;
}

/** Does it; false where the object is gone already. */
function passingOver(remove: () => void): boolean {
  try {
    remove();
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT", "EIDRM", "EINVAL")) return false;
    throw error;
  }
}

/** 96 random bits in hexadecimal. */
function random(): string {
  return Array.from(
    crypto.getRandomValues(new Uint8Array(12)),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}
