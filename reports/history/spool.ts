/**
 * Runs that a store did not take, kept on this machine until it does.
 *
 * One folder a store; each run is a file of its own that `history import` reads as well.
 *
 * @module
 */
import { join } from "node:path";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { InputError, reasonOf, type UserError } from "../../workloads/runner/errors.ts";
import { readRun, serialiseRun } from "../../workloads/runner/run_file.ts";
import { makeFolder, writeWhole } from "../../workloads/runner/write_whole.ts";

/** Beside the history that is used when no store is named. */
const SPOOL = "results/spool";

/** What became of the runs that were kept. */
export interface Sent {
  stored: number;
  /** One line for each that the store refuses, or that cannot be read; they stay. */
  refused: string[];
}

export class Spool {
  readonly folder: string;

  /** @param store what tells one store from another, without a password */
  constructor(store: string, root: string = SPOOL) {
    this.folder = join(root, encodeURIComponent(store));
  }

  /**
   * Keeps a run, and returns its file.
   *
   * @throws {SuiteError} it cannot be written
   */
  async keep(run: RunDocument): Promise<string> {
    const path = join(this.folder, `${encodeURIComponent(run.id)}.json`);
    await makeFolder(this.folder);
    await writeWhole(path, serialiseRun(run));
    return path;
  }

  /**
   * Hands every kept run to `add` and forgets it then; the same run twice does no harm, so two
   * commands may do this at once.
   *
   * @throws what `add` throws, but `InputError`s
   */
  async send(add: (run: RunDocument) => Promise<unknown>): Promise<Sent> {
    const sent: Sent = { stored: 0, refused: [] };
    for (const name of await this.#names()) {
      const path = join(this.folder, name);
      try {
        await add(await readRun(path));
        await Deno.remove(path);
        sent.stored++;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) continue;
        if (!(error instanceof InputError)) throw error;
        if (!await isThere(path)) continue;
        sent.refused.push(`The run in ${path} stays there: ${error.message}`);
      }
    }
    if (sent.stored > 0 && sent.refused.length === 0) {
      await Deno.remove(this.folder).catch(() => {});
    }
    return sent;
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#names()).length === 0;
  }

  async #names(): Promise<string[]> {
    try {
      const entries = await Array.fromAsync(Deno.readDir(this.folder));
      return entries.map(({ name }) => name).filter((name) => name.endsWith(".json")).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw new InputError(`Cannot read the folder ${this.folder}: ${reasonOf(error)}`);
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false;
  }
}

/** The error, with where the run is now. */
export function keptAt(error: UserError, path: string): UserError {
  const Same = error.constructor as new (message: string, options?: ErrorOptions) => UserError;
  const text =
    `${error.message}; the run is kept in ${path}, the next command that reaches the store sends it`;
  return new Same(text, { cause: error });
}
