/**
 * The kinds of stores, and what must be known of one before it is open.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { askToWrite } from "../../workloads/runner/ask_to_write.ts";
import { InputError, reasonOf } from "../../workloads/runner/errors.ts";
import { identityOf, statOf } from "./file_identity.ts";
import { Spool } from "./spool.ts";
import type { Store } from "./store.ts";

/** How a store is opened. */
export interface Opening {
  /** Whether a history that is not there yet is made; else it is an error. */
  create: boolean;
  /** Refuses a store that takes no writes. @default false */
  writable?: boolean;
  /** Ends waiting for other processes, or for a server. */
  signal?: AbortSignal;
}

/** A store at an address; nothing is open yet. */
export interface Backend {
  /** Where runs are kept that it does not take. */
  readonly spool: Spool;
  /** Whether it may be away although nothing is wrong with its address. */
  readonly isRemote: boolean;
  /** What tells the file that is there now from another one; null for none, and for a server. */
  identity(): string | null;
  /** @throws {InputError} what is there is no history, or cannot be used */
  open(opening: Opening): Promise<Store>;
}

/** A history in a SQLite file. */
export class FileBackend implements Backend {
  readonly isRemote = false;
  readonly spool: Spool;
  readonly #file: string;
  readonly #refuse: (reason: string, cause?: unknown) => InputError;

  /** @throws {InputError} the path can be none of a file */
  constructor(url: string, path: string, roots?: readonly string[]) {
    this.#refuse = (reason, cause) =>
      new InputError(`Cannot open the history ${url}: ${reason}`, { cause });
    if (path === "" || path.includes("\0")) throw this.#refuse("it names no file");
    this.#file = resolve(path);
    this.spool = new Spool(`sqlite:${this.#file}`, { beside: this.#file, roots });
  }

  identity(): string | null {
    return statOf(this.#file)?.size ? identityOf(this.#file) : null;
  }

  async open({ create, writable = false, signal }: Opening): Promise<Store> {
    try {
      const present = statOf(this.#file);
      if (present?.isDirectory) throw this.#refuse("it is a folder");
      if (!create && !present?.size) {
        throw this.#refuse("there is none yet; deno task bench makes one");
      }
      if (present === null) {
        await askToWrite(dirname(this.#file));
        await Deno.mkdir(dirname(this.#file), { recursive: true });
      }
    } catch (error) {
      throw error instanceof InputError ? error : this.#refuse(reasonOf(error), error);
    }
    const { openSqlite } = await import("./sqlite.ts");
    const store = await openSqlite(this.#file, { signal });
    try {
      if (writable) await store.requireWritable();
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }
}
