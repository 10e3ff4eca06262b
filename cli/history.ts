/**
 * `history`: the stored runs, and the baselines that later runs are held against.
 *
 * @module
 */
import type { Command } from "commander";
import * as baseline from "./history/baseline.ts";
import * as exporting from "./history/export.ts";
import * as importing from "./history/import.ts";
import * as list from "./history/list.ts";
import * as prune from "./history/prune.ts";
import * as show from "./history/show.ts";
import * as trend from "./history/trend.ts";
import { storeOption } from "./store_option.ts";

const SUBCOMMANDS = [list, show, exporting, importing, prune, baseline, trend];

export function define(command: Command, exit: (code: number) => void): void {
  command.helpCommand(false);
  for (const { name, summary, define } of SUBCOMMANDS) {
    const subcommand = storeOption(command.command(name).description(summary))
      .option("--json <FILE>", "the result as JSON into FILE, - for stdout");
    define(subcommand, exit);
  }
}
