/**
 * `history show`: one stored run, its facts and its ranking.
 *
 * @module
 */
import type { Command } from "commander";
import { openStore } from "../../reports/history/open_store.ts";
import { rankingTables } from "../../reports/terminal.ts";
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { serialiseRun } from "../../workloads/runner/run_file.ts";
import { Output } from "../output.ts";
import { storedRun } from "../stored_run.ts";
import { columns } from "../terminal.ts";

export const name = "show";
export const summary = "one run: where it was measured, and its ranking";

export function define(command: Command): void {
  command
    .argument("[RUN]", "the id of a stored run, or its beginning", "latest")
    .option("--all", "every measured cell, not only the usual ones and those that were named")
    .action(show);
}

interface Options {
  all?: boolean;
  store?: string;
  json?: string;
}

async function show(word: string, options: Options): Promise<void> {
  const output = await Output.open(options.json);
  await using store = await openStore(options.store, { create: false });
  const run = await storedRun(store, word);
  const { label, host, tool, settings } = presentable(run);
  const facts = [
    ["run", run.id],
    ["started", run.startedAt],
    ["label", label ?? "none"],
    ["machine key", host.machineKey],
    ["host", `${host.hostname}, ${host.cpuModel}, ${host.cpus} CPUs, kernel ${host.kernel}`],
    ["suite", `${tool.version}, Deno ${tool.deno}, V8 ${tool.v8}`],
    [
      "settings",
      `${settings.profile}, ${settings.trials} trials, ${settings.budgetSeconds} s, ` +
      `seed ${settings.seed}${settings.awake ? ", kept awake" : ""}`,
    ],
  ] as const;
  output.text(facts.map(([title, text]) => `${title.padEnd(13)}${text}`).join("\n"));
  const { all } = options;
  const rest = `deno task history show ${run.id} --all`;
  output.text(`\n${rankingTables(run, columns(), { all, rest })}`);
  await output.finish(serialiseRun(run));
}
