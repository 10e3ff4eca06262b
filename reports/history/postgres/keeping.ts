/**
 * A PostgreSQL store that loses no run: what it cannot take now is kept on this machine.
 *
 * @module
 */
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { reasonOf, SuiteError, UserError } from "../../../workloads/runner/errors.ts";
import { keptAt, Spool } from "../spool.ts";
import type { Store } from "../store.ts";
import { type Address, parseAddress } from "./address.ts";
import { type PostgresOptions, PostgresStore, RefusedRun } from "./store.ts";

export interface FleetOptions extends PostgresOptions {
  /** Whether a store that cannot be opened is only reported, and a run that it does not take kept. */
  keep?: boolean;
  /** Gets a line for the user. */
  notice: (line: string) => void;
  /** Where runs are kept. */
  spool?: string;
}

/**
 * Opens the history at an address, and sends it the runs that were kept for it.
 *
 * @throws {InputError} the address is none; without `keep`, also what `openPostgres` throws
 */
export async function openFleetStore(
  url: string,
  password: string | null,
  options: FleetOptions,
): Promise<Store> {
  const store = new FleetStore(parseAddress(url, password), options);
  try {
    await store.begin();
    return store;
  } catch (error) {
    if (options.keep && error instanceof UserError) {
      options.notice(`${error.message}; the run will be kept on this machine`);
      return store;
    }
    await store.close();
    throw error;
  }
}

class FleetStore extends PostgresStore {
  readonly #spool: Spool;
  readonly #options: FleetOptions;
  #hasBegun = false;

  constructor(address: Address, options: FleetOptions) {
    super(address, options);
    const { host, port, database } = address;
    this.#spool = new Spool(`${host}:${port}/${database}`, options.spool);
    this.#options = options;
  }

  /** Opens the store and sends what was kept, once. */
  async begin(): Promise<void> {
    if (this.#hasBegun) return;
    await this.open((this.#options.create ?? true) || !await this.#spool.isEmpty());
    this.#hasBegun = true;
    await this.#send();
  }

  async #send(): Promise<void> {
    const { notice } = this.#options;
    try {
      const { stored, refused } = await this.#spool.send((run) => super.add(run));
      if (stored > 0) {
        const runs = stored === 1 ? "1 run that was" : `${stored} runs that were`;
        notice(`${runs} kept on this machine went to ${this.url}`);
      }
      refused.forEach(notice);
    } catch (error) {
      notice(`The runs kept in ${this.#spool.folder} stay there: ${reasonOf(error)}`);
    }
  }

  override async add(run: RunDocument): Promise<boolean> {
    if (!this.#options.keep) return await super.add(run);
    try {
      await this.begin();
      return await super.add(run);
    } catch (error) {
      if (error instanceof RefusedRun) throw error;
      const reason = error instanceof UserError ? error : new SuiteError(reasonOf(error));
      throw keptAt(reason, await this.#spool.keep(run));
    }
  }
}
