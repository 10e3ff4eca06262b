/**
 * Where results lie that no command was given a place for: `results/`, below the working directory or
 * below the folder that the task runner names.
 *
 * @module
 */
import { join, relative, resolve } from "node:path";

let below: string | null = null;

/** From now on results lie below this folder, whatever the working directory is. */
export function keepResultsBelow(folder: string): void {
  below = resolve(folder);
}

/**
 * The path of one of them, such as `results/history.sqlite`.
 *
 * From a folder of the same tree it is relative to the working directory, else absolute.
 */
export function resultPath(name: string): string {
  const own = join("results", name);
  if (below === null) return own;
  const here = Deno.cwd();
  const isWithin = here === below || here.startsWith(`${below}/`);
  return isWithin ? relative(here, join(below, own)) : join(below, own);
}
