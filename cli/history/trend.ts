/**
 * `history trend`: cells over all runs of one machine, and where they stepped to another level.
 *
 * @module
 */
import type { Command } from "commander";
import { openStore } from "../../reports/history/open_store.ts";
import type { Store, StoredRun, TrendPoint } from "../../reports/history/store.ts";
import { type Mark, marksOf, SHORTEST, type Step, stepsOf } from "../../reports/history/trend.ts";
import { list as inWords, quantity } from "../../reports/html/model/format.ts";
import { type Column, plain, textTable } from "../../reports/table.ts";
import type { MeasuredCell } from "../../workloads/runner/document.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { whole } from "../arguments.ts";
import { Output } from "../output.ts";
import { CountLine } from "../progress.ts";
import { moment } from "../when.ts";
import { direction, trendGroups } from "./trend_groups.ts";

export const name = "trend";
export const summary = "where figures stepped to another level over the runs of one machine";

interface Options {
  store?: string;
  machine?: string;
  since?: Date;
  limit?: number;
  by?: string;
  all?: boolean;
  json?: string;
}

/** Runs that are looked at, unless told otherwise: of one machine, and of all. */
const LIMIT = { own: 60, groups: 1_000 };

/** A cell's line; its unit and direction are those of the newest run. */
interface CellTrend extends Pick<MeasuredCell, "id" | "unit" | "better"> {
  readonly points: readonly Pick<TrendPoint, "estimate" | "ci95" | "trials">[];
  /** Ids of the runs of the points. */
  readonly runs: readonly string[];
  readonly steps: readonly Step[];
}

export function define(command: Command): void {
  command
    .argument("[CELL...]", "parts of cell ids, such as round-trip/pipe; all cells when absent")
    .option("--machine <KEY>", "the machine key; this machine's when absent")
    .option("--by <GROUP>", "all machines, grouped by kernel, instance, runtime or cpu, day by day")
    .option("--since <WHEN>", "only runs since a date or within an age: 2026-01-31, 90d", moment)
    .option(
      "--limit <N>",
      `the newest runs, so many; ${LIMIT.own}, with --by ${LIMIT.groups}`,
      whole(2, 100_000),
    )
    .option("--all", "show the cells without a step too")
    .action(trend);
}

async function trend(words: readonly string[], options: Options): Promise<void> {
  const { by } = options;
  if (by !== undefined) {
    if (options.machine) throw new InputError("--by is about all machines: leave out --machine");
    return await trendGroups(words, { ...options, by, limit: options.limit ?? LIMIT.groups });
  }
  const output = await Output.open(options.json);
  await using store = await openStore(options.store, { create: false });
  const machineKey = options.machine ?? readHost().machineKey;
  const filter = { since: options.since, limit: options.limit ?? LIMIT.own };
  const runs = (await store.list({ ...filter, machineKey })).reverse();
  if (runs.length === 0) throw await nothingOf(store, machineKey);
  const cells = await trends(store, runs, words, filter);
  const marks = marksOf(runs);
  const { all = false } = options;
  output.text(text(...presentable([machineKey, runs, marks, cells, all] as const)));
  await output.finish({
    schema: "ipc-taxonomy/trend/1",
    machineKey,
    runs: runs.map(({ id, startedAt }) => ({ id, startedAt })),
    marks,
    cells,
  });
}

async function nothingOf(store: Store, machineKey: string): Promise<InputError> {
  const keys = [...new Set((await store.list()).map((run) => run.machineKey))];
  return new InputError(
    `There is no such run of ${machineKey} in ${store.url}` +
      (keys.length > 0 ? `; --machine may be ${inWords(keys)}` : ""),
  );
}

async function trends(
  store: Store,
  runs: readonly StoredRun[],
  words: readonly string[],
  filter: { since?: Date; limit: number },
): Promise<CellTrend[]> {
  const { id: newest, machineKey } = runs.at(-1)!;
  const document = await store.get(newest);
  const cells = (document?.cells ?? []).filter((cell) =>
    cell.status === "measured" &&
    (words.length === 0 || words.some((word) => cell.id.includes(word)))
  );
  if (cells.length === 0) {
    throw new InputError(
      `The newest run, ${newest}, has no cell of ${words.join(" or ") || "any kind"}`,
    );
  }
  const found: CellTrend[] = [];
  using progress = new CountLine("cell", cells.length);
  for (const [done, { id, unit, better }] of cells.entries()) {
    progress.show(done);
    const points = await store.trend(id, machineKey, filter);
    found.push({
      id,
      unit,
      better,
      points: points.map(({ estimate, ci95, trials }) => ({ estimate, ci95, trials })),
      runs: points.map(({ run }) => run.id),
      steps: stepsOf(points),
    });
  }
  return found;
}

function text(
  machineKey: string,
  runs: readonly StoredRun[],
  marks: readonly Mark[],
  cells: readonly CellTrend[],
  all: boolean,
): string {
  const [first, last] = [runs[0]!, runs.at(-1)!];
  const stepped = cells.filter(({ steps }) => steps.length > 0);
  const rows = (all ? cells : stepped).flatMap((cell): Row[] =>
    cell.steps.length === 0 ? [{ cell, step: null }] : cell.steps.map((step) => ({ cell, step }))
  );
  const parts = [
    `${runs.length} runs of ${machineKey}, ${first.startedAt.slice(0, 10)} to ` +
    `${last.startedAt.slice(0, 10)}`,
    marks.map(({ run, startedAt, facts }) =>
      `before ${run} (${startedAt.slice(0, 10)}): ${facts.join(", ")}`
    ).join("\n"),
    rows.length > 0 ? textTable(COLUMNS, rows) : "",
    `${stepped.length} of ${cells.length} cells stepped to another level` +
    (all || stepped.length === cells.length ? "" : "; the others are hidden, --all shows them") +
    (runs.length < 2 * SHORTEST
      ? `; a step takes ${SHORTEST} runs on either side to be found`
      : ""),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

interface Row {
  readonly cell: CellTrend;
  readonly step: Step | null;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "step", left: true, text: ({ cell, step }) => step ? direction(cell, step) : "none" },
  {
    title: "level",
    left: true,
    text: ({ cell: { unit, points }, step }) => {
      if (step) return plain(`${quantity(step.before, unit)} → ${quantity(step.after, unit)}`);
      return points.length > 0 ? plain(quantity(points.at(-1)!.estimate, unit)) : "";
    },
  },
  { title: "p", text: ({ step }) => step ? step.p.toFixed(3) : "" },
  { title: "from run", left: true, text: ({ step }) => step?.run ?? "" },
  { title: "with", left: true, text: ({ step }) => step?.with.join(", ") ?? "" },
  { title: "cell", left: true, text: ({ cell }) => cell.id },
];
