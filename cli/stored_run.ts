/**
 * Finding the run that a word on the command line means.
 *
 * @module
 */
import { openStore } from "../reports/history/open_store.ts";
import type { Store } from "../reports/history/store.ts";
import type { RunDocument } from "../workloads/runner/document.ts";
import { InputError } from "../workloads/runner/errors.ts";
import { readRun } from "../workloads/runner/run_file.ts";

/** Whether a word means a file and not a stored run. */
export function isFile(word: string): boolean {
  return word.includes("/") || word.endsWith(".json");
}

/**
 * A run from a file where the word looks like a path, else from the history.
 *
 * @throws {InputError} there is none, or it cannot be read
 */
export async function givenRun(word: string, url?: string): Promise<RunDocument> {
  if (isFile(word)) return await readRun(word);
  await using store = await openStore(url, { create: false });
  return await storedRun(store, word);
}

/**
 * The id of a stored run, from the id, the beginning of one, or `latest`.
 *
 * @throws {InputError} no run, or several, are meant
 */
export async function storedId(store: Store, word: string): Promise<string> {
  if (word === "latest") {
    const [newest] = await store.list({ limit: 1 });
    if (newest) return newest.id;
    throw new InputError(`There is no run in ${store.url} yet; measure one with: deno task bench`);
  }
  const ids = (await store.list({ idPrefix: word })).map(({ id }) => id);
  if (ids.includes(word)) return word;
  if (ids.length === 1) return ids[0]!;
  throw new InputError(
    ids.length === 0
      ? `There is no stored run "${word}" in ${store.url}; see deno task history list`
      : `"${word}" may be ${ids.length} stored runs, such as ${ids[0]} and ${
        ids[1]
      }; give more of the id`,
  );
}

/**
 * A stored run, from the id, the beginning of one, or `latest`.
 *
 * @throws {InputError} no run, or several, are meant, or it is damaged
 */
export async function storedRun(store: Store, word: string): Promise<RunDocument> {
  const id = await storedId(store, word);
  const run = await store.get(id);
  if (run) return run;
  throw new InputError(`The run ${id} has just been removed from ${store.url}`);
}
