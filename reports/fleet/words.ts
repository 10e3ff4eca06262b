/**
 * Groups and outliers of a fleet as text and as Markdown.
 *
 * @module
 */
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { change, interval } from "../check/words.ts";
import { count, list, quantity } from "../html/model/format.ts";
import { markdown } from "../media.ts";
import { type Column, markdownTable, plain, textTable } from "../table.ts";
import type { FleetDocument } from "./fleet.ts";
import type { Group, GroupCell, GroupComparison, GroupRatio } from "./groups.ts";
import { type Deviation, FEWEST_EQUALS, type Outlier, type OutlierSearch } from "./outliers.ts";

export interface Rendering {
  /** Whether cells are shown that do not differ significantly. */
  readonly all: boolean;
  readonly markdown: boolean;
}

export function fleetText(document: FleetDocument, rendering: Rendering): string {
  const { comparison, outliers } = presentable(document);
  const table = <T>(columns: readonly Column<T>[], rows: readonly T[]) =>
    rows.length === 0 ? "" : (rendering.markdown ? markdownTable : textTable)(columns, rows);
  const title = (text: string) => rendering.markdown ? `## ${markdown(text)}` : text;
  const note = (text: string) => rendering.markdown ? markdown(text) : text;
  const shown = rendering.all
    ? comparison.cells
    : comparison.cells.filter(({ significant }) => significant);
  return [
    title(`By ${comparison.facet}, against ${comparison.reference}`),
    table(GROUP_COLUMNS, groupRows(comparison)),
    table(cellColumns(comparison.groups.length > 2), shown),
    note(cellsWords(comparison, rendering.all)),
    title("Hosts that differ from their equals"),
    table(OUTLIER_COLUMNS, outliers.outliers.flatMap(outlierRows)),
    note(outliersWords(outliers)),
  ].filter((part) => part !== "").join("\n\n");
}

type GroupRow = Group & { readonly overall: GroupRatio | null };

export function groupRows({ groups, overall }: GroupComparison): GroupRow[] {
  return groups.map((group) => ({
    ...group,
    overall: overall.find((each) => each.group === group.name) ?? null,
  }));
}

/** A ratio's interval, or why there is none. */
export function intervalWords({ interval: own }: GroupRatio): string {
  return own ? interval(own) : "too few hosts";
}

const GROUP_COLUMNS: readonly Column<GroupRow>[] = [
  { title: "group", left: true, text: ({ name }) => name },
  { title: "hosts", text: ({ hosts }) => `${hosts}` },
  { title: "runs", text: ({ runs }) => `${runs}` },
  {
    title: "overall",
    left: true,
    text: ({ overall }) => overall ? change(overall.ratio) : "reference",
  },
  { title: "95 %", left: true, text: ({ overall }) => overall ? intervalWords(overall) : "" },
];

const cellColumns = (named: boolean): Column<GroupCell>[] => [
  ...(named ? [{ title: "group", left: true, text: ({ group }: GroupCell) => group }] : []),
  { title: "change", left: true, text: ({ ratio }) => change(ratio) },
  { title: "95 %", left: true, text: intervalWords },
  { title: "reference", text: ({ reference, unit }) => plain(quantity(reference, unit)) },
  { title: "group's", text: ({ estimate, unit }) => plain(quantity(estimate, unit)) },
  { title: "hosts", text: ({ hosts: [before, after] }) => `${before}, ${after}` },
  { title: "cell", left: true, text: ({ id }) => id },
];

export function cellsWords({ cells, groups, byChance }: GroupComparison, all: boolean): string {
  if (groups.length < 2) return "All runs are of one group: there is nothing to compare.";
  const significant = cells.filter((cell) => cell.significant).length;
  return `${significant} of ${cells.length} cells differ significantly, about ` +
    `${Number(byChance.toPrecision(2))} would by chance; each host counts once` +
    (all || significant === cells.length ? "" : "; the others are hidden, --all shows them");
}

interface OutlierRow {
  readonly outlier: Outlier;
  readonly deviation: Deviation;
}

export function outlierRows(outlier: Outlier): OutlierRow[] {
  return outlier.deviations.map((deviation) => ({ outlier, deviation }));
}

const OUTLIER_COLUMNS: readonly Column<OutlierRow>[] = [
  { title: "host", left: true, text: ({ outlier }) => outlier.hostname },
  { title: "by", left: true, text: ({ deviation }) => deviation.by },
  { title: "change", left: true, text: ({ deviation }) => change(deviation.ratio) },
  { title: "q", text: ({ deviation }) => unlikely(deviation.q) },
  { title: "cells", text: ({ deviation }) => `${deviation.cells}` },
  { title: "runs", text: ({ outlier }) => `${outlier.runs}` },
  { title: "equals", text: ({ outlier }) => `${outlier.equals}` },
];

export function unlikely(q: number): string {
  return q < 0.001 ? "< 0.001" : q.toFixed(3);
}

export function outliersWords({ outliers, judged, alone, rate }: OutlierSearch): string {
  const named = outliers.length === 0
    ? "No host differs"
    : `${count(outliers.length, "host")} named`;
  const rest = alone.length === 0
    ? ""
    : `; ${
      count(alone.length, "host")
    } not judged, with fewer than ${FEWEST_EQUALS.repeated} equals ` +
      `(${FEWEST_EQUALS.single} where each has one run): ${
        list(alone.slice(0, 8).concat(alone.length > 8 ? ["others"] : []))
      }`;
  return `${named} of ${judged} judged; at most ${Math.round(100 * rate)} % of what is named is ` +
    `expected to be by chance${rest}`;
}
