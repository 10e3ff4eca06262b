/**
 * `clean`: removes kernel objects and files that interrupted runs of this user left behind.
 *
 * @module
 */
import { Argument, type Command } from "commander";
import { temporaryFolders } from "../facilities/temporary_folder.ts";
import { resultPath } from "../reports/result_paths.ts";
import { SuiteError } from "../workloads/runner/errors.ts";
import { presentable } from "../workloads/runner/foreign_text.ts";
import {
  findParts,
  findRuns,
  type FoundRun,
  removePart,
  removeRun,
} from "../workloads/runner/interrupted.ts";
import { Output } from "./output.ts";

/** Identifies the format of the JSON and its version. */
export const CLEAN_SCHEMA_ID = "ipc-taxonomy/clean/1";

/** Where results are written: from where one calls, and unless a command is told otherwise. */
function usualFolders(): string[] {
  return [".", resultPath(""), resultPath("report")];
}

interface CleanOptions {
  dryRun?: boolean;
  orphans?: boolean;
  json?: string;
}

export function define(command: Command): void {
  command
    .addArgument(
      new Argument("[DIR...]", "folders that may hold half-written results")
        .default(usualFolders(), usualFolders().join(" ")),
    )
    .option("--dry-run", "only show what would be removed")
    .option("--orphans", "also objects whose run's folder is gone, if no process here works for it")
    .option("--json <FILE>", "what was found and removed, as JSON into FILE, - for stdout")
    .action(clean);
}

async function clean(folders: string[], options: CleanOptions): Promise<void> {
  const { dryRun = false, orphans = false, json } = options;
  const output = await Output.open(json);
  const runs = findRuns(temporaryFolders());
  const over = runs.filter(({ running, folder }) => !running && (folder !== null || orphans));
  const parts = findParts(folders);
  const left: string[] = [];
  if (!dryRun) {
    left.push(...over.flatMap(removeRun), ...parts.filter((path) => !removePart(path)));
  }

  for (const run of runs) {
    output.text(describe(presentable(run), over.includes(run) ? verb(dryRun) : "left"));
  }
  for (const path of presentable(parts)) output.text(`${verb(dryRun)}  ${path}, half-written`);
  if (over.length + parts.length === 0) output.text("No interrupted run left anything behind");
  const removed = dryRun ? [] : over.map(({ run }) => run);
  await output.finish({ schema: CLEAN_SCHEMA_ID, dryRun, runs, removed, parts, left });
  if (left.length > 0) throw new SuiteError(`Cannot remove ${left.join(", ")}`);
}

function describe(run: FoundRun, done: string): string {
  if (run.running) return `running  ${run.run}${workers(run)}: left alone`;
  const found = [...run.objects, ...run.files, ...run.folder ? [run.folder] : []];
  const why = done === "left" ? ": its folder is gone; --orphans removes it if it is over" : "";
  return [`${done}  ${run.run}${why}`, ...found.map((each) => `    ${each}`)].join("\n");
}

function workers({ processes }: FoundRun): string {
  return processes.length > 0 ? `, process ${processes.join(", ")}` : "";
}

function verb(dryRun: boolean): string {
  return dryRun ? "would remove" : "removed";
}
