/**
 * Names for the kernel objects of one trial, each noted in a journal *before* the object is made.
 *
 * Every name is unguessable. The journal lies in a folder of its own; who reads it finds whatever
 * must be removed. As long as the giver of names lives it holds a lock on the journal, which says so
 * even to who may not see the process.
 *
 * This is what participants make objects with. Removing them takes a good part of the C library, and
 * is left to `scope.ts`, which they do not load.
 *
 * @module
 */
import { O_APPEND, O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, open } from "./libc/fcntl.ts";
import { SystemCallError } from "./libc/errno.ts";
import { Struct } from "./libc/memory.ts";
import { cString } from "./libc/strings.ts";
import { tryLock } from "./libc/sys_file.ts";
import { mkdir } from "./libc/sys_stat.ts";
import { close, write } from "./libc/unistd.ts";
import type { NamedObject, PosixKind, SystemVKind } from "./named_objects.ts";

/** The file in the folder that names the objects. */
export const JOURNAL = "journal";

/** Names of the suite's folders and objects begin with it. */
export const PREFIX = "ipc-taxonomy";

/** Gives out names within one folder that belongs to this user alone. */
export class Journal implements Disposable {
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
    try {
      tryLock(this.#journal);
    } catch (error) {
      // Not every file system has locks.
      if (!(error instanceof SystemCallError)) throw error;
    }
  }

  /** A path in the folder. */
  path(suffix: string): string {
    return `${this.folder}/${suffix}-${random()}`;
  }

  /** The name of a POSIX object: the run's name and random digits. */
  posixName(kind: PosixKind): string {
    const name = `/${this.#prefix}-${random()}`;
    this.#note({ kind, name });
    return name;
  }

  /** A random System V key, never `IPC_PRIVATE` and never one that `isTaken`. */
  key(kind: SystemVKind, isTaken: (key: number) => boolean): number {
    for (;;) {
      const key = crypto.getRandomValues(new Int32Array(1))[0]!;
      if (key === 0 || isTaken(key)) continue;
      this.#note({ kind, name: `${key}` });
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

  /** Lets go of the journal, which stays where it is for whoever removes the objects. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    close(this.#journal);
  }
}

/**
 * A journal that gives the names it gave out again, in the same order, for objects that are gone by
 * then: making and removing one object many times costs one line of the journal.
 */
export class RecyclingJournal extends Journal {
  readonly #given: (string | number)[] = [];
  #next = 0;

  /** The next name will be the first again. */
  rewind(): void {
    this.#next = 0;
  }

  override path(suffix: string): string {
    return this.#again(() => super.path(suffix));
  }

  override posixName(...kind: Parameters<Journal["posixName"]>): string {
    return this.#again(() => super.posixName(...kind));
  }

  override key(...kind: Parameters<Journal["key"]>): number {
    return this.#again(() => super.key(...kind));
  }

  #again<T extends string | number>(make: () => T): T {
    return (this.#given[this.#next++] ??= make()) as T;
  }
}

/** 96 random bits in hexadecimal. */
function random(): string {
  return crypto.getRandomValues(new Uint8Array(12)).toHex();
}
