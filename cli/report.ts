/**
 * `report`: HTML pages from stored runs or run files.
 *
 * @module
 */
import type { Command } from "commander";
import { renderReport } from "../reports/html/mod.ts";
import { readRun } from "../workloads/runner/run_file.ts";
import { checkWritableFolder, writeWhole } from "../workloads/runner/write_whole.ts";
import { Output } from "./output.ts";

interface ReportOptions {
  report: string;
  json?: string;
}

export function define(command: Command): void {
  command
    .argument("<RUN...>", "run files")
    .option("--report <DIR>", "where the report is written", "results/report")
    .option("--json <FILE>", "the paths written, as JSON, - for stdout")
    .action(report);
}

async function report(given: string[], options: ReportOptions): Promise<void> {
  const output = await Output.open(options.json);
  await checkWritableFolder(options.report);
  const runs = await Promise.all(given.map(readRun));
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
