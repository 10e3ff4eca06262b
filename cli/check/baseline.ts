/**
 * Finding the runs that a candidate is held against.
 *
 * @module
 */
import { openStore } from "../../reports/history/open_store.ts";
import type { Baseline, Store } from "../../reports/history/store.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { InputError, NotComparableError } from "../../workloads/runner/errors.ts";
import { readRun } from "../../workloads/runner/run_file.ts";
import { isFile, storedRun } from "../stored_run.ts";

/** What the command line says of the baseline. */
export interface Baselines {
  /** A name, the id of a stored run, or a file; absent for the baseline that was set last. */
  readonly word: string | undefined;
  /** Where to look for it. */
  readonly store: string | undefined;
}

export interface FoundBaseline {
  /** Null where it is a run and not a baseline that was named. */
  readonly name: string | null;
  /** Oldest first, one at least. */
  readonly runs: readonly RunDocument[];
}

/**
 * @throws {InputError} there is none, or it cannot be read
 * @throws {NotComparableError} it is of another machine
 */
export async function findBaseline(
  { word, store: url }: Baselines,
  machineKey: string,
): Promise<FoundBaseline> {
  if (word !== undefined && isFile(word)) {
    return { name: null, runs: [await readRun(word)] };
  }
  await using store = await openStore(url, { create: false });
  if (word === undefined) {
    const [latest] = await store.baselines(machineKey);
    if (latest) return await load(store, latest);
    throw await missing(store, machineKey);
  }
  const named = await store.baseline(word, machineKey);
  if (named) return await load(store, named);
  const elsewhere = (await store.baselines()).find(({ name }) => name === word);
  if (elsewhere) {
    throw new NotComparableError(
      `The baseline ${word} is of another machine, ${elsewhere.machineKey}, and not of ${machineKey}`,
    );
  }
  try {
    return { name: null, runs: [await storedRun(store, word)] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const names = (await store.baselines(machineKey)).map(({ name }) => name);
    throw new InputError(
      `There is no baseline and no run "${word}" in ${store.url}` +
        (names.length > 0 ? `; there is ${names.join(", ")}` : ""),
    );
  }
}

async function load(store: Store, { name, runs: ids }: Baseline): Promise<FoundBaseline> {
  const runs = await Promise.all(ids.map((id) => storedRun(store, id)));
  return { name, runs };
}

async function missing(store: Store, machineKey: string): Promise<Error> {
  const others = await store.baselines();
  if (others.length > 0) {
    return new NotComparableError(
      `The baselines in ${store.url} are of other machines (${others[0]!.machineKey}), ` +
        `none of ${machineKey}; set one with: deno task history baseline NAME`,
    );
  }
  return new InputError(
    `There is no baseline in ${store.url}; run deno task bench --awake five times or more, ` +
      "then deno task history baseline NAME",
  );
}
