/**
 * Storing what was measured, so that no run is lost: what the store does not take now is kept on this
 * machine until it does.
 *
 * While a run is measured the store is closed; much may happen to a file in an hour.
 *
 * @module
 */
import type { RunDocument } from "../../workloads/runner/document.ts";
import { InputError, reasonOf, SuiteError, UserError } from "../../workloads/runner/errors.ts";
import type { Backend } from "./backend.ts";
import { backendOf, openBackend, storeUrl, toStderr } from "./open_store.ts";
import { RefusedRun, TakenId } from "./store.ts";

/** How long a command that was told to end still waits for its store. */
const LAST_WAIT_MS = 1_000;

export interface KeeperOptions {
  /** Gets what is worth knowing beside the results. @default a line on stderr */
  notice?: (line: string) => void;
}

export class Keeper {
  readonly #backend: Backend;
  readonly #identity: string | null;
  readonly #notice: (line: string) => void;

  private constructor(
    backend: Backend,
    identity: string | null,
    notice: (line: string) => void,
  ) {
    this.#backend = backend;
    this.#identity = identity;
    this.#notice = notice;
  }

  /**
   * Finds out before anything is measured whether the store will take a run, and makes it where there
   * is none; a server that cannot be used is only reported.
   *
   * @param option the store, as `openStore` takes it
   * @throws {UserError} it will not
   */
  static async prepare(option?: string, options: KeeperOptions = {}): Promise<Keeper> {
    return await Keeper.of(await backendOf(storeUrl(option)), options);
  }

  /** As {@linkcode Keeper.prepare}. */
  static async of(
    backend: Backend,
    { notice = toStderr }: KeeperOptions = {},
  ): Promise<Keeper> {
    try {
      await using _ = await openBackend(backend, { writable: true, notice });
    } catch (error) {
      if (!backend.isRemote || !(error instanceof UserError)) throw error;
      notice(`${error.message}; the run will be kept on this machine`);
    }
    return new Keeper(backend, backend.identity(), notice);
  }

  /**
   * Stores the run.
   *
   * @param signal that the command is to end; it waits a second more then
   * @throws {UserError} the store did not take it; the line says where it is kept
   */
  async add(run: RunDocument, signal?: AbortSignal): Promise<void> {
    using ending = new Ending(signal);
    try {
      await this.#store(run, ending.signal);
    } catch (error) {
      if (error instanceof TakenId) throw error;
      throw await this.#kept(run, error);
    }
  }

  async #store(run: RunDocument, signal: AbortSignal): Promise<void> {
    const identity = this.#backend.identity();
    if (identity !== this.#identity) {
      throw new SuiteError(
        identity === null
          ? "The history was removed or emptied during the run"
          : "The history was replaced by another file during the run",
      );
    }
    // A server that was away may be an empty one.
    const create = this.#backend.isRemote;
    await using store = await openBackend(this.#backend, { create, signal, notice: this.#notice });
    await store.add(run, { signal });
  }

  /** Keeps the run, and says why and where. */
  async #kept(run: RunDocument, cause: unknown): Promise<UserError> {
    const reason = cause instanceof UserError ? cause.message : reasonOf(cause);
    // Of a file it was found out before that arguments are right.
    const Kind = this.#backend.isRemote && cause instanceof InputError ? InputError : SuiteError;
    const { spool } = this.#backend;
    try {
      if (!(cause instanceof RefusedRun)) {
        const { path, isFound } = await spool.keep(run);
        const next = isFound
          ? "the next command that reaches the store sends it"
          : "deno task history import stores it";
        return new Kind(`${reason}; the run is kept in ${path}, ${next}`, { cause });
      }
    } catch {
      // Also a run that no reader would take is worth keeping.
    }
    try {
      const { path } = await spool.putAside(run);
      return new Kind(`${reason}; the run is put aside in ${path}`, { cause });
    } catch (failure) {
      return new SuiteError(`${reason}; ${reasonOf(failure)}`, { cause });
    }
  }
}

/** A signal that follows another one a little later. */
class Ending implements Disposable {
  readonly #controller = new AbortController();
  readonly #interruption: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(interruption: AbortSignal | undefined) {
    this.#interruption = interruption;
    if (interruption?.aborted) this.#begin();
    else interruption?.addEventListener("abort", this.#begin, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #begin = (): void => {
    this.#timer = setTimeout(() => this.#controller.abort(), LAST_WAIT_MS);
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#interruption?.removeEventListener("abort", this.#begin);
  }
}
