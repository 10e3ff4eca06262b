/**
 * `report`: HTML pages from stored runs or run files.
 *
 * @module
 */
import type { Command } from "commander";
import { DEFAULT_STORE, openStore } from "../reports/history/open_store.ts";
import { renderReport } from "../reports/html/mod.ts";
import type { RunDocument } from "../workloads/runner/document.ts";
import { InputError } from "../workloads/runner/errors.ts";
import { readRun } from "../workloads/runner/run_file.ts";
import { checkWritableFolder, writeWhole } from "../workloads/runner/write_whole.ts";
import { Output } from "./output.ts";

interface ReportOptions {
  report: string;
  store: string;
  json?: string;
}

export function define(command: Command): void {
  command
    .argument("[RUN...]", "run files or ids of stored runs; the latest stored run when absent")
    .option("--store <URL>", "where runs are kept", DEFAULT_STORE)
    .option("--report <DIR>", "where the report is written", "results/report")
    .option("--json <FILE>", "the paths written, as JSON, - for stdout")
    .action(report);
}

async function report(given: string[], options: ReportOptions): Promise<void> {
  const output = await Output.open(options.json);
  await checkWritableFolder(options.report);
  const runs = given.length > 0
    ? await Promise.all(given.map((each) => runOf(each, options.store)))
    : [await latest(options.store)];
  await Deno.mkdir(options.report, { recursive: true });
  const written: string[] = [];
  for (const [index, run] of runs.entries()) {
    const path = `${options.report}/${index === 0 ? "index" : run.id}.html`;
    await writeWhole(path, renderReport(run, {}));
    written.push(path);
    output.text(`Report: ${path}`);
  }
  await output.finish({ written });
}

/** A file where the word looks like a path, else the id of a stored run. @throws {InputError} */
export async function runOf(word: string, url: string): Promise<RunDocument> {
  if (word.includes("/") || word.endsWith(".json")) return await readRun(word);
  await using store = await openStore(url, { create: false });
  const run = await store.get(word);
  if (run) return run;
  throw new InputError(
    `There is no stored run "${word}" in ${store.url}; give a run file (./run.json) or a stored id`,
  );
}

async function latest(url: string): Promise<RunDocument> {
  await using store = await openStore(url, { create: false });
  const run = await store.latest();
  if (run) return run;
  throw new InputError(`There is no run in ${store.url} yet; measure one with: deno task bench`);
}
