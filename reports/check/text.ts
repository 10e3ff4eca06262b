/**
 * A check for a terminal.
 *
 * @module
 */
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { textTable } from "../table.ts";
import type { CheckDocument } from "./document.ts";
import type { JudgedCell } from "./judge.ts";
import {
  CELL_COLUMNS,
  CONTROL_COLUMNS,
  differenceWords,
  disturbanceWords,
  judgedWords,
  LOST_TITLE,
  subject,
  unjudgedOf,
  verdictWords,
} from "./words.ts";

/** Rows of a table at most. */
const MOST_ROWS = 40;

export function checkText(checked: CheckDocument): string {
  const document = presentable(checked);
  const { regressed, improved, unconfirmed, controls, controlsAgain, warnings } = document;
  const failed = list(unjudgedOf(document, "failed").map(({ id, reason }) => `${id}: ${reason}`));
  const lost = list(unjudgedOf(document, "lost").map(({ id }) => id));
  const moved = [...controls, ...controlsAgain].some((row) => row.moved);
  const parts = [
    `Check of ${subject(document)}`,
    lined("Differs: ", differenceWords(document)),
    cells("Slower", regressed),
    cells("Faster", improved),
    cells("Looked different, but fresh trials did not confirm it", unconfirmed),
    lined("Could not be measured\n", failed),
    lined(`${LOST_TITLE}\n`, lost),
    moved ? `Control rows\n${textTable(CONTROL_COLUMNS, controls)}` : "",
    moved && controlsAgain.length > 0
      ? `Control rows, while suspects were measured again\n${
        textTable(CONTROL_COLUMNS, controlsAgain)
      }`
      : "",
    [
      lined("while measuring: ", disturbanceWords(document)),
      ...warnings.map((warning) => `warning: ${warning}`),
    ].filter((line) => line !== "").join("\n"),
    `${judgedWords(document)}\nVerdict: ${verdictWords(document)}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function lined(title: string, text: string): string {
  return text === "" ? "" : title + text;
}

function cells(title: string, rows: readonly JudgedCell[]): string {
  if (rows.length === 0) return "";
  return `${title}\n${textTable(CELL_COLUMNS, rows.slice(0, MOST_ROWS))}${more(rows)}`;
}

function list(lines: readonly string[]): string {
  return lines.slice(0, MOST_ROWS).join("\n") + more(lines);
}

function more(rows: readonly unknown[]): string {
  const rest = rows.length - MOST_ROWS;
  return rest > 0 ? `\nand ${rest} more, all with --json` : "";
}
