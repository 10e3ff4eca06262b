/**
 * `history import`: stores runs from files.
 *
 * @module
 */
import type { Command } from "commander";
import { openStore } from "../../reports/history/open_store.ts";
import { InputError, reasonOf, UserError } from "../../workloads/runner/errors.ts";
import { readRun } from "../../workloads/runner/run_file.ts";
import { Interruption } from "../interruption.ts";
import { Output } from "../output.ts";
import { CountLine } from "../progress.ts";
import { complain } from "../standard_streams.ts";

export const name = "import";
export const summary = "store runs from files; what is stored already stays";

export function define(command: Command, exit: (code: number) => void): void {
  command
    .argument("<FILE...>", "run files, or folders whose .json files are meant")
    .action(async (given, options) => exit(await importRuns(given, options)));
}

interface Imported {
  stored: string[];
  present: string[];
  refused: { file: string; reason: string }[];
  /** Files that were not reached. */
  left: number;
}

async function importRuns(
  given: readonly string[],
  options: { store?: string; json?: string },
): Promise<number> {
  const output = await Output.open(options.json);
  const files = (await Promise.all(given.map(filesOf))).flat();
  await using store = await openStore(options.store);
  using interruption = new Interruption();
  const result: Imported = { stored: [], present: [], refused: [], left: 0 };
  {
    using progress = new CountLine("file", files.length);
    for (const [done, file] of files.entries()) {
      progress.show(done);
      // Signals arrive between files.
      await new Promise((resolve) => setTimeout(resolve));
      if (interruption.signal.aborted) {
        result.left = files.length - done;
        break;
      }
      try {
        const run = await readRun(file);
        (await store.add(run) ? result.stored : result.present).push(run.id);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        result.refused.push({ file, reason: error.message });
      }
    }
  }
  for (const { reason } of result.refused) complain(reason);
  output.text(
    `${result.stored.length} stored, ${result.present.length} stored already, ` +
      `${result.refused.length} refused${result.left > 0 ? `, ${result.left} not reached` : ""}`,
  );
  await output.finish(result);
  if (interruption.exitCode !== null) return interruption.exitCode;
  return result.refused.length > 0 ? new InputError("").exitCode : 0;
}

/** @throws {UserError} nothing is there, or a folder without run files */
async function filesOf(path: string): Promise<string[]> {
  try {
    if (!(await Deno.stat(path)).isDirectory) return [path];
    const names = (await Array.fromAsync(Deno.readDir(path)))
      .filter(({ name, isFile }) => isFile && name.endsWith(".json")).map(({ name }) => name);
    if (names.length === 0) throw new InputError(`Cannot import ${path}: it holds no .json file`);
    return names.sort().map((name) => `${path}/${name}`);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new InputError(`Cannot import ${path}: ${reasonOf(cause)}`, { cause });
  }
}
