/**
 * `history list`: the stored runs, newest first.
 *
 * @module
 */
import type { Command } from "commander";
import { openStore } from "../../reports/history/open_store.ts";
import type { StoredRun } from "../../reports/history/store.ts";
import { span } from "../../reports/html/model/format.ts";
import { type Column, textTable } from "../../reports/table.ts";
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { whole } from "../arguments.ts";
import { Output } from "../output.ts";
import { moment } from "../when.ts";

export const name = "list";
export const summary = "the stored runs, newest first";

interface Options {
  store?: string;
  machine?: string;
  facility?: string;
  since?: Date;
  limit: number;
  json?: string;
}

export function define(command: Command): void {
  command
    .option("--machine <KEY>", "only runs of this machine key")
    .option("--facility <ID>", "only runs that measured this facility")
    .option("--since <WHEN>", "only runs since a date or within an age: 2026-01-31, 30d", moment)
    .option("--limit <N>", "so many at most", whole(1, 1_000_000), 50)
    .action(list);
}

const COLUMNS: readonly Column<StoredRun>[] = [
  { title: "run", left: true, text: ({ id }) => id },
  { title: "started (UTC)", left: true, text: ({ startedAt }) => startedAt.slice(0, 19) },
  { title: "profile", left: true, text: ({ profile }) => profile },
  { title: "cells", text: ({ measured }) => String(measured) },
  { title: "failed", text: ({ failed }) => failed > 0 ? String(failed) : "" },
  { title: "took", text: ({ durationSeconds }) => span(durationSeconds) },
  { title: "host", left: true, text: ({ hostname }) => hostname },
  { title: "kernel", left: true, text: ({ kernel }) => kernel },
  {
    title: "note",
    left: true,
    text: ({ label, complete }) =>
      [complete ? "" : "interrupted", label ?? ""].filter((word) => word !== "").join(", "),
  },
];

async function list(options: Options): Promise<void> {
  const output = await Output.open(options.json);
  await using store = await openStore(options.store, { create: false });
  const filter = {
    machineKey: options.machine,
    facility: options.facility,
    since: options.since,
  };
  // One more than shown tells whether there are more.
  const runs = await store.list({ ...filter, limit: options.limit + 1 });
  const shown = runs.slice(0, options.limit);
  if (shown.length === 0) output.text("No stored run fits.");
  else output.text(textTable(COLUMNS, presentable(shown)));
  if (runs.length > shown.length) output.text(`There are more; raise --limit ${options.limit}.`);
  await output.finish(shown);
}
