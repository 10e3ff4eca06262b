/**
 * Runs that a store did not take, kept on this machine until it does.
 *
 * Each store has a folder; each run is a file in it that `history import` reads as well. What a
 * store can never take is put aside in a folder below, so that it blocks nothing.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { InputError, reasonOf, SuiteError } from "../../workloads/runner/errors.ts";
import { readRun, serialiseRun } from "../../workloads/runner/run_file.ts";
import { resultPath } from "../result_paths.ts";
import { RefusedRun } from "./store.ts";

/** Below the folder of a store: what the store can never take. */
const ASIDE = "refused";

/** Where a run is now. */
export interface Kept {
  path: string;
  /** Whether the next command that reaches the store finds it there. */
  isFound: boolean;
}

/** What became of the runs that were kept. */
export interface Sent {
  stored: number;
  /** One line for each that was not stored. */
  refused: string[];
}

export interface SpoolOptions {
  /** A history; the folder beside it comes first. */
  beside?: string;
  /** Nothing but these folders. */
  roots?: readonly string[];
}

export class Spool {
  readonly #folders: readonly string[];

  /**
   * The folders of a store: beside a history, and in the usual place; the disk of one may be full.
   *
   * @param store what tells one store from another, without a password
   */
  constructor(store: string, { beside, roots }: SpoolOptions = {}) {
    const first = beside === undefined ? [] : [join(dirname(beside), "spool")];
    // Beside the history that is used when no store is named.
    const last = resultPath("spool");
    const usual = first[0] === resolve(last) ? first : [...first, last];
    this.#folders = (roots ?? usual).map((root) => join(root, fileName(store)));
  }

  /**
   * Keeps a run in the first folder that takes it, else in a new temporary one.
   *
   * @throws {SuiteError} none takes it, or it is not as the schema says
   */
  async keep(run: RunDocument): Promise<Kept> {
    return await this.#write(run, serialiseRun(run), ".");
  }

  /**
   * Keeps a run that the store can never take, for the user to look at.
   *
   * @throws {SuiteError} no folder takes it
   */
  async putAside(run: RunDocument): Promise<Kept> {
    return await this.#write(run, JSON.stringify(run, null, 2) + "\n", ASIDE);
  }

  async #write(run: RunDocument, text: string, below: string): Promise<Kept> {
    // It needs libc, which a history that is only read does without.
    const { writeWhole } = await import("../../workloads/runner/write_whole.ts");
    const reasons = new Set<string>();
    const places = [
      ...this.#folders.map((folder) => () => made(join(folder, below))),
      // Its name is known to nobody, so no other user can have put anything there.
      () => Deno.makeTempDir({ prefix: "ipc-taxonomy-kept-" }),
    ];
    for (const [index, place] of places.entries()) {
      try {
        const path = join(await place(), `${fileName(run.id)}.json`);
        await writeWhole(path, text);
        return { path, isFound: index < this.#folders.length };
      } catch (error) {
        reasons.add(reasonOf(error));
      }
    }
    throw new SuiteError(`The run ${run.id} is kept nowhere: ${[...reasons].join("; ")}`);
  }

  /**
   * Hands every kept run to `add` and forgets it then; the same run twice does no harm, so two
   * commands may do this at once. What cannot be read, or is refused for good, is put aside.
   *
   * @throws what `add` throws, but `RefusedRun`s: the store itself is in trouble, the rest stays
   */
  async send(add: (run: RunDocument) => Promise<unknown>): Promise<Sent> {
    const sent: Sent = { stored: 0, refused: [] };
    for (const path of await this.#files()) {
      try {
        await add(await read(path));
        await Deno.remove(path);
        sent.stored++;
      } catch (error) {
        // Another command sent it just now.
        if (error instanceof Deno.errors.NotFound) continue;
        if (!(error instanceof RefusedRun)) throw error;
        sent.refused.push(await setAside(path, error));
      }
    }
    // Those that are empty now.
    for (const folder of this.#folders) await Deno.remove(folder).catch(() => {});
    return sent;
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#files()).length === 0;
  }

  /** The folders that hold runs. */
  async places(): Promise<string[]> {
    return [...new Set((await this.#files()).map((path) => dirname(path)))];
  }

  async #files(): Promise<string[]> {
    return (await Promise.all(this.#folders.map(runsIn))).flat();
  }
}

async function made(folder: string): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

async function runsIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name).filter((name) => name.endsWith(".json")).sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new InputError(`Cannot read the folder ${folder}: ${reasonOf(error)}`, { cause: error });
  }
}

/** @throws {RefusedRun} it is no run, which no store takes */
async function read(path: string): Promise<RunDocument> {
  try {
    return await readRun(path);
  } catch (error) {
    await Deno.lstat(path);
    throw error instanceof InputError ? new RefusedRun(error.message, { cause: error }) : error;
  }
}

/** Moves a file out of the way, and says so. */
async function setAside(path: string, { message }: Error): Promise<string> {
  const aside = join(dirname(path), ASIDE, path.slice(path.lastIndexOf("/") + 1));
  try {
    await made(dirname(aside));
    await Deno.rename(path, aside);
    return `The run in ${path} was put aside, into ${aside}: ${message}`;
  } catch (error) {
    return `The run in ${path} stays there (${reasonOf(error)}): ${message}`;
  }
}

/** A name that tells texts apart, whatever is in them and however long they are. */
function fileName(text: string): string {
  const name = encodeURIComponent(text.toWellFormed());
  if (name.length <= 180 && text.isWellFormed()) return name;
  const digest = createHash("sha256").update(JSON.stringify(text)).digest("hex");
  return `${name.slice(0, 150)}-${digest.slice(0, 24)}`;
}
