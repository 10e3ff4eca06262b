/**
 * A history on a PostgreSQL server.
 *
 * @module
 */
import type { Backend, Opening } from "../backend.ts";
import { Spool } from "../spool.ts";
import type { Store } from "../store.ts";
import { type Address, parseAddress } from "./address.ts";
import { openPostgres, type PostgresOptions } from "./store.ts";

export interface ServerOptions extends Omit<PostgresOptions, "create" | "signal"> {
  /** Where runs are kept that it does not take. */
  spool?: readonly string[];
}

export class ServerBackend implements Backend {
  readonly isRemote = true;
  readonly spool: Spool;
  readonly #address: Address;
  readonly #options: PostgresOptions;

  /**
   * @param password for an address that has none
   * @throws {InputError} the address is none
   */
  constructor(url: string, password: string | null, { spool, ...options }: ServerOptions = {}) {
    this.#address = parseAddress(url, password);
    this.#options = options;
    const { host, port, database } = this.#address;
    this.spool = new Spool(`${host}:${port}/${database}`, { roots: spool });
  }

  identity(): null {
    return null;
  }

  async open({ create, signal }: Opening): Promise<Store> {
    return await openPostgres(this.#address, { ...this.#options, create, signal });
  }
}
