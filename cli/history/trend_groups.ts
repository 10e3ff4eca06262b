/**
 * `history trend --by`: the cells of each group of hosts over all days.
 *
 * @module
 */
import { type GroupTrend, type GroupTrends, groupTrends } from "../../reports/fleet/trends.ts";
import { SHORTEST, type Step } from "../../reports/history/trend.ts";
import { count, quantity } from "../../reports/html/model/format.ts";
import { type Column, plain, textTable } from "../../reports/table.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { facetOf, fleetRuns } from "../compare/fleet.ts";
import { Output } from "../output.ts";

export interface GroupOptions {
  by: string;
  store?: string;
  since?: Date;
  limit: number;
  all?: boolean;
  json?: string;
}

export async function trendGroups(words: readonly string[], options: GroupOptions): Promise<void> {
  const { by, since, limit, all = false } = options;
  const facet = facetOf(by);
  const output = await Output.open(options.json);
  const groups = groupTrends(await fleetRuns(options.store, { since, limit }), facet, words);
  if (groups.every(({ cells }) => cells.length === 0)) {
    throw new InputError(`No such run has a cell of ${words.join(" or ") || "any kind"}`);
  }
  output.text(presentable(groups).map((group) => text(group, all)).join("\n\n"));
  await output.finish({ schema: "ipc-taxonomy/trend-groups/1", by: facet, groups });
}

interface Row {
  readonly cell: GroupTrend;
  readonly step: Step | null;
}

function text({ group, hosts, runs, days, cells }: GroupTrends, all: boolean): string {
  const stepped = cells.filter(({ steps }) => steps.length > 0);
  const rows = (all ? cells : stepped).flatMap((cell): Row[] =>
    cell.steps.length === 0 ? [{ cell, step: null }] : cell.steps.map((step) => ({ cell, step }))
  );
  return [
    `${group}: ${count(hosts, "host")}, ${count(runs, "run")} on ${count(days, "day")}`,
    rows.length > 0 ? textTable(COLUMNS, rows) : "",
    `${stepped.length} of ${cells.length} cells stepped to another level` +
    (all || stepped.length === cells.length ? "" : "; the others are hidden, --all shows them") +
    (days < 2 * SHORTEST ? `; a step takes ${SHORTEST} days on either side to be found` : ""),
  ].filter((part) => part !== "").join("\n\n");
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "step", left: true, text: ({ cell, step }) => step ? direction(cell, step) : "none" },
  {
    title: "level",
    left: true,
    text: ({ cell: { unit, points }, step }) =>
      plain(
        step
          ? `${quantity(step.before, unit)} → ${quantity(step.after, unit)}`
          : quantity(points.at(-1)!.estimate, unit),
      ),
  },
  { title: "p", text: ({ step }) => step ? step.p.toFixed(3) : "" },
  { title: "from", left: true, text: ({ step }) => step?.run ?? "" },
  { title: "with", left: true, text: ({ step }) => step?.with.join(", ") ?? "" },
  { title: "cell", left: true, text: ({ cell }) => cell.id },
];

/** In which direction a cell stepped, and how far. */
export function direction(
  { better }: Pick<GroupTrend, "better">,
  { before, after }: Pick<Step, "before" | "after">,
): string {
  const ratio = better === "lower" ? after / before : before / after;
  return ratio >= 1 ? `${ratio.toFixed(2)} × slower` : `${(1 / ratio).toFixed(2)} × faster`;
}
