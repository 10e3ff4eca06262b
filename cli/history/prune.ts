/**
 * `history prune`: forgets old runs; runs of a baseline always stay.
 *
 * @module
 */
import type { Command } from "commander";
import { openStore } from "../../reports/history/open_store.ts";
import { count } from "../../reports/html/model/format.ts";
import { plain } from "../../reports/table.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { whole } from "../arguments.ts";
import { Output } from "../output.ts";
import { moment } from "../when.ts";

export const name = "prune";
export const summary = "forget old runs; those of a baseline stay";

interface Options {
  store?: string;
  keep?: number;
  before?: Date;
  machine?: string;
  json?: string;
}

export function define(command: Command): void {
  command
    .option("--keep <N>", "keep the newest of each machine, so many", whole(0, 1_000_000))
    .option("--before <WHEN>", "only runs before a date or older than an age: 90d", moment)
    .option("--machine <KEY>", "only runs of this machine key")
    .action(prune);
}

async function prune({ store: url, keep, before, machine, json }: Options): Promise<void> {
  if (keep === undefined && before === undefined) {
    throw new InputError("Cannot prune without a bound: give --keep 100, or --before 90d, or both");
  }
  const output = await Output.open(json);
  await using store = await openStore(url, { create: false });
  const removed = await store.prune({ keep, before, machineKey: machine });
  output.text(plain(`${count(removed.length, "run")} removed`));
  await output.finish({ removed });
}
