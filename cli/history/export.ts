/**
 * `history export`: stored runs as files that other tools read.
 *
 * @module
 */
import { type Command, Option } from "commander";
import { EXPORTERS, type ExportFormat, loadExporter } from "../../reports/exports/catalogue.ts";
import { openStore } from "../../reports/history/open_store.ts";
import type { Store } from "../../reports/history/store.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { InputError, NotComparableError } from "../../workloads/runner/errors.ts";
import { readRun } from "../../workloads/runner/run_file.ts";
import {
  checkWritable,
  checkWritableFolder,
  makeFolder,
  writeWhole,
} from "../../workloads/runner/write_whole.ts";
import { Output } from "../output.ts";
import { complain, print } from "../standard_streams.ts";
import { isFile, storedRun } from "../stored_run.ts";

export const name = "export";
export const summary = "runs as files that other tools read";

interface Options {
  store?: string;
  format: ExportFormat;
  output?: string;
  all?: boolean;
  json?: string;
}

export function define(command: Command): void {
  command
    .argument("[RUN...]", "ids of stored runs, or run files; the latest when absent")
    .addOption(
      new Option("--format <NAME>", "the format").choices(Object.keys(EXPORTERS)).default("json"),
    )
    .option("--output <PATH>", "a file, or a folder for several runs; stdout when absent")
    .option("--all", "all stored runs")
    .action(exportRuns);
}

async function exportRuns(given: readonly string[], options: Options): Promise<void> {
  const { output: path, format, all } = options;
  if (path === undefined && options.json === "-") {
    throw new InputError("Cannot write both the export and --json to stdout; give --output PATH");
  }
  const output = await Output.open(options.json);
  const exporter = await loadExporter(format);
  const words = given.length > 0 ? given : ["latest"];
  // A run file needs no history.
  await using store = all || !words.every(isFile)
    ? await openStore(options.store, { create: false })
    : null;
  const sources = all ? (await store!.list()).map(({ id }) => id) : words;
  if (sources.length === 0) throw new InputError(`There is no run in ${store!.url} yet`);
  const written: string[] = [];
  if (path === undefined) {
    if (sources.length > 1) {
      throw new InputError(`Cannot export ${sources.length} runs to stdout; give --output FOLDER`);
    }
    print(exporter.render(await load(store, sources[0]!)));
  } else if (sources.length === 1 && !await isFolder(path)) {
    await checkWritable(path);
    await writeWhole(path, exporter.render(await load(store, sources[0]!)));
    written.push(path);
  } else {
    await checkWritableFolder(path);
    await makeFolder(path);
    const refused: NotComparableError[] = [];
    for (const source of sources) {
      const run = await load(store, source);
      const file = `${path.replace(/\/+$/, "")}/${run.id}.${exporter.extension}`;
      try {
        await writeWhole(file, exporter.render(run));
        written.push(file);
      } catch (error) {
        if (!(error instanceof NotComparableError)) throw error;
        refused.push(error);
      }
    }
    if (written.length === 0) throw refused[0];
    for (const { message } of refused) complain(message);
  }
  if (written.length > 0) {
    output.text(
      written.length === 1 ? `Written: ${written[0]}` : `${written.length} files written`,
    );
  }
  await output.finish({ format, written });
}

async function load(store: Store | null, source: string): Promise<RunDocument> {
  if (isFile(source) || store === null) return await readRun(source);
  return await storedRun(store, source);
}

async function isFolder(path: string): Promise<boolean> {
  if (path.endsWith("/")) return true;
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}
