/**
 * Names for the kernel objects of one trial, and the certainty that all of them go away.
 *
 * Every name is unguessable, and is written to a journal in the scope's own folder *before* the
 * object is made. Disposing the scope removes whatever the journal names, so an object outlives a
 * trial only if nobody is left to read the journal; `clean` reads it then. As long as the scope
 * lives its process holds a lock on the journal, which says so even to who may not see the process.
 *
 * @module
 */
import { SystemCallError } from "./libc/errno.ts";
import { O_APPEND, O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, open } from "./libc/fcntl.ts";
import { tryListFolder, tryReadText } from "./libc/files.ts";
import { Struct } from "./libc/memory.ts";
import { cString } from "./libc/strings.ts";
import { tryLock } from "./libc/sys_file.ts";
import { mkdir, ownership } from "./libc/sys_stat.ts";
import { close, rmdir, unlink, write } from "./libc/unistd.ts";
import {
  isOwn,
  isThere,
  type NamedObject,
  parseObject,
  type PosixKind,
  removeObject,
  type SystemVKind,
} from "./named_objects.ts";

/** The file in a scope's folder that names its objects. */
export const JOURNAL = "journal";

/** Names of the suite's folders and objects begin with it. */
export const PREFIX = "ipc-taxonomy";

/** Gives out names within one folder that belongs to this user alone. */
export class Scope implements Disposable {
  readonly folder: string;
  readonly #prefix: string;
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
    const run = folder.split("/").at(-2) ?? "";
    this.#prefix = run.startsWith(`${PREFIX}-`) ? run : PREFIX;
    this.#journal = open(
      `${folder}/${JOURNAL}`,
      O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
    );
    succeeds(() => tryLock(this.#journal));
  }

  /** A path in the scope's folder. */
  path(suffix: string): string {
    return `${this.folder}/${suffix}-${random()}`;
  }

  /** The name of a POSIX object: the run's name and random digits. */
  posixName(kind: PosixKind): string {
    const name = `/${this.#prefix}-${random()}`;
    this.#note({ kind, name });
    return name;
  }

  /** A random System V key, never `IPC_PRIVATE` and never one that is taken. */
  key(kind: SystemVKind): number {
    for (;;) {
      const key = crypto.getRandomValues(new Int32Array(1))[0]!;
      const object = { kind, name: `${key}` };
      if (key === 0 || isThere(object)) continue;
      this.#note(object);
      return key;
    }
  }

  #note({ kind, name }: NamedObject): void {
    const line = new Struct(cString(`${kind} ${name}\n`).slice(0, -1));
    if (write(this.#journal, line.pointer, BigInt(line.bytes.length)) !== line.bytes.length) {
      throw new Error(
        `Cannot note ${kind} ${name} in ${this.folder}/${JOURNAL}: is the disk full?`,
      );
    }
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    removeScope(this.folder);
    close(this.#journal);
  }
}

/** What a scope's journal names. */
function namedIn(folder: string): NamedObject[] {
  const lines = tryReadText(`${folder}/${JOURNAL}`)?.split("\n") ?? [];
  return lines.map(parseObject).filter((object) => object !== null);
}

/** The objects that the journals of a run's folder name and that are there, this user's. */
export function objectsOf(folder: string): NamedObject[] {
  return tryListFolder(folder).flatMap((name) => namedIn(`${folder}/${name}`)).filter(isOwn);
}

/** Paths of the files and folders in a run's folder. */
export function filesOf(folder: string): string[] {
  return tryListFolder(folder).map((name) => `${folder}/${name}`)
    .flatMap((path) => [path, ...tryListFolder(path).map((name) => `${path}/${name}`)]);
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
 * Removes the objects that a scope's journal names, its files and its folder. What is gone already,
 * and what cannot be removed, is passed over. Returns the names of what it removed.
 */
export function removeScope(folder: string): string[] {
  const removed: string[] = [];
  for (const object of namedIn(folder)) {
    if (succeeds(() => removeObject(object))) removed.push(`${object.kind} ${object.name}`);
  }
  // The journal goes last: who comes after an interruption finds all names in it.
  for (const name of tryListFolder(folder).filter((name) => name !== JOURNAL)) {
    if (succeeds(() => unlink(`${folder}/${name}`))) removed.push(name);
  }
  succeeds(() => unlink(`${folder}/${JOURNAL}`));
  succeeds(() => rmdir(folder));
  return removed;
}

/** Removes every scope below a run's folder, what else is in it, then the folder itself. */
export function removeScopes(folder: string): string[] {
  const removed: string[] = [];
  for (const name of tryListFolder(folder)) {
    const path = `${folder}/${name}`;
    if (isFolder(path)) removed.push(...removeScope(path));
    else if (succeeds(() => unlink(path))) removed.push(name);
  }
  succeeds(() => rmdir(folder));
  return removed;
}

function isFolder(path: string): boolean {
  return succeeds(() => ownership(path).isFolder);
}

/** Whether the kernel did it, and something was done. */
function succeeds(step: () => unknown): boolean {
  try {
    return step() !== false;
  } catch (error) {
    if (error instanceof SystemCallError) return false;
    throw error;
  }
}

/** 96 random bits in hexadecimal. */
function random(): string {
  return crypto.getRandomValues(new Uint8Array(12)).toHex();
}
