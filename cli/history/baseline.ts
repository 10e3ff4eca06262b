/**
 * `history baseline`: names the runs that later ones are held against.
 *
 * @module
 */
import type { Command } from "commander";
import { ENOUGH_RUNS } from "../../reports/check/noise.ts";
import { openStore } from "../../reports/history/open_store.ts";
import type { Baseline, Store } from "../../reports/history/store.ts";
import { count, list as inWords, span } from "../../reports/html/model/format.ts";
import { type Column, plain, textTable } from "../../reports/table.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { whole } from "../arguments.ts";
import { Output } from "../output.ts";
import { storedId } from "../stored_run.ts";

export const name = "baseline";
export const summary = "name runs as a baseline, list the baselines, or forget one";

interface Options {
  store?: string;
  last?: number;
  machine?: string;
  clear?: boolean;
  json?: string;
}

export function define(command: Command): void {
  command
    .argument("[NAME]", "the baseline's name; all are listed when absent")
    .argument(
      "[RUN...]",
      `its runs, ${ENOUGH_RUNS} or more; the newest of this machine when absent`,
    )
    .option("--last <N>", "how many of the newest complete runs (default 5)", whole(1, 10_000))
    .option("--machine <KEY>", "of this machine key instead of this machine's")
    .option("--clear", "forget the name; its runs stay")
    .action(baseline);
}

async function baseline(
  name: string | undefined,
  runs: readonly string[],
  options: Options,
): Promise<void> {
  const output = await Output.open(options.json);
  await using store = await openStore(options.store, { create: false });
  if (name === undefined) return await showAll(store, options, output);
  if (options.clear) return await clear(store, name, options, output);
  if (runs.length > 0 && (options.last !== undefined || options.machine !== undefined)) {
    throw new InputError("Give either runs, or --last and --machine");
  }
  const ids = runs.length > 0
    ? await Promise.all(runs.map((word) => storedId(store, word)))
    : await newest(store, options);
  const set = await store.setBaseline(name, ids);
  output.text(plain(`The baseline ${set.name} is ${count(set.runs.length, "run")}:`));
  for (const id of set.runs) output.text(`  ${id}`);
  for (const warning of await doubts(store, set)) output.text(`warning: ${warning}`);
  await output.finish(set);
}

async function newest(store: Store, { last = ENOUGH_RUNS, machine }: Options): Promise<string[]> {
  const machineKey = machine ?? readHost().machineKey;
  const complete = (await store.list({ machineKey })).filter((run) => run.complete);
  // The newest run's kind: others measure other cells, or less exactly.
  const alike = complete.filter(({ profile }) => profile === complete[0]!.profile);
  if (alike.length > 0) return alike.slice(0, last).map(({ id }) => id);
  const keys = [...new Set((await store.list()).map((run) => run.machineKey))];
  throw new InputError(
    `There is no complete run of ${machineKey} in ${store.url}` +
      (keys.length > 0 ? `, only of ${inWords(keys)}` : "; measure some with: deno task bench"),
  );
}

/** Runs closer together than this share whatever the machine was doing just then. */
const SPREAD_SECONDS = 30 * 60;

async function doubts(store: Store, { runs }: Baseline): Promise<string[]> {
  const found: string[] = [];
  if (runs.length < ENOUGH_RUNS) {
    found.push(
      `${count(runs.length, "run")} cannot show how much runs differ: a check against ` +
        `${ENOUGH_RUNS} or more raises fewer false alarms`,
    );
  }
  const documents = await Promise.all(runs.map((id) => store.get(id)));
  const present = documents.filter((run) => run !== null);
  const times = present.map(({ startedAt }) => Date.parse(startedAt)).sort((a, b) => a - b);
  const seconds = (times.at(-1)! - times[0]!) / 1000;
  if (runs.length > 1 && seconds < SPREAD_SECONDS) {
    found.push(`all runs lie within ${span(seconds)}: runs of several days differ more than these`);
  }
  const measured = present.map(({ cells }) =>
    new Set(
      cells.filter(({ status, control }) => status === "measured" && !control).map(({ id }) => id),
    )
  );
  const common = [...measured[0]!].filter((id) => measured.every((ids) => ids.has(id))).length;
  const most = Math.max(...measured.map(({ size }) => size));
  if (common < most) {
    found.push(
      `the runs have ${common} of ${count(most, "cell")} in common, the rest is known less well`,
    );
  }
  return found.map(plain);
}

async function clear(
  store: Store,
  name: string,
  { machine }: Options,
  output: Output,
): Promise<void> {
  if (!await store.clearBaseline(name, machine)) {
    throw new InputError(`There is no baseline "${name}" in ${store.url}; ${await others(store)}`);
  }
  output.text(`The baseline ${name} is forgotten, its runs stay.`);
  await output.finish({ cleared: name });
}

async function others(store: Store): Promise<string> {
  const names = [...new Set((await store.baselines()).map(({ name }) => name))];
  return names.length === 0 ? "there is none" : `there is ${inWords(names)}`;
}

const COLUMNS: readonly Column<Baseline>[] = [
  { title: "baseline", left: true, text: ({ name }) => name },
  { title: "runs", text: ({ runs }) => String(runs.length) },
  { title: "set (UTC)", left: true, text: ({ setAt }) => setAt.slice(0, 19) },
  { title: "newest run", left: true, text: ({ runs }) => runs.at(-1)! },
  { title: "machine key", left: true, text: ({ machineKey }) => machineKey },
];

async function showAll(store: Store, { machine }: Options, output: Output): Promise<void> {
  const all = await store.baselines(machine);
  if (all.length === 0) output.text("There is no baseline; name one with: history baseline NAME");
  else output.text(textTable(COLUMNS, presentable(all)));
  await output.finish(all);
}
