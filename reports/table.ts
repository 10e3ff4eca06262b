/**
 * Tables of plain text: for terminals, and as Markdown.
 *
 * @module
 */
import { markdown } from "./media.ts";

/** One column of a table of `T`. */
export interface Column<T> {
  readonly title: string;
  /** Words stand at the left, figures at the right. */
  readonly left?: boolean;
  readonly text: (row: T) => string;
}

/** Columns two spaces apart; the last one is not padded. */
export function textTable<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ text }) => plain(text(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
  return lines.map((line) =>
    line.map((text, index) =>
      columns[index]!.left ? text.padEnd(widths[index]!) : text.padStart(widths[index]!)
    ).join("  ").trimEnd()
  ).join("\n");
}

/**
 * A table in the Markdown of GitHub.
 *
 * @see {@link https://github.github.com/gfm/#tables-extension- GFM, tables}
 */
export function markdownTable<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  return [
    line(columns.map(({ title }) => markdown(title))),
    line(columns.map(({ left }) => left ? ":--" : "--:")),
    ...rows.map((row) => line(columns.map(({ text }) => markdown(plain(text(row)))))),
  ].join("\n");
}

/** Terminals count a narrow space as they like; a plain one always has one column. */
export function plain(text: string): string {
  return text.replace(/[\u00a0\u202f\u2009]/g, " ");
}
