/**
 * Comparisons as text and as Markdown.
 *
 * @module
 */
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { median } from "../../workloads/runner/statistics.ts";
import { change, interval } from "../check/words.ts";
import { quantity } from "../html/model/format.ts";
import { markdown } from "../media.ts";
import { type Column, markdownTable, plain, textTable } from "../table.ts";
import type { CompareDocument, Comparison } from "./compare.ts";
import type { InterleavedDocument, PairedCell } from "./interleaved.ts";

/** A cell of either kind of comparison. */
interface Cell extends Pick<PairedCell, "id" | "unit" | "control" | "ratio" | "significant"> {
  readonly interval: readonly [number, number] | null;
  readonly first: number;
  readonly second: number;
}

/** What a rendering is made of, whatever was compared. */
interface Table {
  readonly title: string;
  readonly notes: readonly string[];
  readonly cells: readonly Cell[];
  readonly byChance: number;
  /** Titles of the columns with figures. */
  readonly sides: readonly [string, string];
}

export interface Rendering {
  /** Whether cells are shown that do not differ significantly. */
  readonly all: boolean;
  readonly markdown: boolean;
}

/** Each run against the first. */
export function comparisonText(document: CompareDocument, rendering: Rendering): string {
  return presentable(document).comparisons.map((each) => render(tableOf(each), rendering)).join(
    "\n\n",
  );
}

export function interleavedText(measured: InterleavedDocument, rendering: Rendering): string {
  const document = presentable(measured);
  const figures = (cell: PairedCell, side: 0 | 1) => median(cell.pairs.map((pair) => pair[side]));
  const named = (side: string, prefix: string) =>
    `${side}: ${prefix === "" ? "no prefix" : prefix}`;
  return render({
    title: `Interleaved in ABBA blocks, ${named("A", document.a)}, ${named("B", document.b)}; ` +
      "the change is from A to B",
    notes: [
      ...document.warnings.map((warning) => `warning: ${warning}`),
      ...document.failed.slice(0, 10).map(({ id, reasons }) => `failed: ${id}: ${reasons[0]}`),
    ],
    cells: document.cells.map((cell) => ({
      ...cell,
      first: figures(cell, 0),
      second: figures(cell, 1),
    })),
    byChance: document.byChance,
    sides: ["A", "B"],
  }, rendering);
}

function tableOf({ first, second, differences, cells, incomparable, byChance }: Comparison): Table {
  const facts = differences.map((each) => `${each.fact} ${each.baseline} → ${each.candidate}`);
  return {
    title: `${second} against ${first}`,
    notes: [
      ...(facts.length > 0 ? [`differs: ${facts.join(", ")}`] : []),
      ...(incomparable.length > 0
        ? [
          `${incomparable.length} cells have no figure in the other run that they can be held against`,
        ]
        : []),
    ],
    cells,
    byChance,
    sides: ["first", "second"],
  };
}

function render(table: Table, { all, markdown: asMarkdown }: Rendering): string {
  const { title, notes, cells, byChance, sides } = table;
  const shown = all ? cells : cells.filter(({ significant }) => significant);
  const columns: Column<Cell>[] = [
    { title: "change", left: true, text: ({ ratio }) => change(ratio) },
    {
      title: "95 %",
      left: true,
      text: (cell) => cell.interval ? interval(cell.interval) : "too few trials",
    },
    ...(all
      ? [{
        title: "significant",
        left: true,
        text: ({ significant }: Cell) => significant ? "yes" : "no",
      }]
      : []),
    { title: sides[0], text: ({ first, unit }) => plain(quantity(first, unit)) },
    { title: sides[1], text: ({ second, unit }) => plain(quantity(second, unit)) },
    { title: "cell", left: true, text: ({ id, control }) => control ? `${id} (control)` : id },
  ];
  const significant = cells.filter((cell) => cell.significant).length;
  const summary = `${significant} of ${cells.length} cells differ significantly, about ` +
    `${Number(byChance.toPrecision(2))} would by chance` +
    (all || significant === cells.length ? "" : "; the others are hidden, --all shows them");
  if (asMarkdown) {
    return [
      `## ${markdown(title)}`,
      ...(shown.length > 0 ? [markdownTable(columns, shown)] : []),
      [summary, ...notes].map((note) => `- ${markdown(note)}`).join("\n"),
    ].join("\n\n");
  }
  return [
    title,
    ...(shown.length > 0 ? [textTable(columns, shown)] : []),
    [summary, ...notes].join("\n"),
  ].join("\n\n");
}
