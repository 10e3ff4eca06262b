/**
 * A check as Markdown, for a pull request or a job summary.
 *
 * @module
 */
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { markdown } from "../media.ts";
import { markdownTable } from "../table.ts";
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

/** A job summary holds 1 MiB; nobody reads more than this. */
const MOST_ROWS = 100;

const SIGNS = { pass: "✅", improved: "✅", regressed: "❌", inconclusive: "❔" } as const;

export function checkMarkdown(checked: CheckDocument): string {
  const document = presentable(checked);
  const { verdict, regressed, improved, unconfirmed, controls, controlsAgain, warnings } = document;
  const notes = [
    ["Differs", differenceWords(document)],
    ["While measuring", disturbanceWords(document)],
    ...warnings.map((warning) => ["Warning", warning]),
  ].filter(([, text]) => text !== "").map(([title, text]) => `- ${title}: ${markdown(text!)}`);
  const failed = unjudgedOf(document, "failed")
    .map(({ id, reason }) => `- ${markdown(id)}: ${markdown(reason)}`);
  const lost = unjudgedOf(document, "lost").map(({ id }) => `- ${markdown(id)}`);
  const parts = [
    `## ${SIGNS[verdict]} IPC check: ${markdown(verdictWords(document))}`,
    `${markdown(subject(document))}. ${markdown(judgedWords(document))}.`,
    cells("Slower", regressed),
    cells("Faster", improved),
    cells("Not confirmed by fresh trials", unconfirmed),
    list("Could not be measured", failed),
    list(LOST_TITLE, lost),
    controls.length > 0 ? folded("Control rows", markdownTable(CONTROL_COLUMNS, controls)) : "",
    controlsAgain.length > 0
      ? folded("Control rows, measured again", markdownTable(CONTROL_COLUMNS, controlsAgain))
      : "",
    notes.join("\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n") + "\n";
}

function cells(title: string, rows: readonly JudgedCell[]): string {
  if (rows.length === 0) return "";
  return `### ${title}\n\n${markdownTable(CELL_COLUMNS, rows.slice(0, MOST_ROWS))}${more(rows)}`;
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `### ${title}\n\n${lines.slice(0, MOST_ROWS).join("\n")}${more(lines)}`;
}

function more(rows: readonly unknown[]): string {
  const rest = rows.length - MOST_ROWS;
  return rest > 0 ? `\n\nand ${rest} more` : "";
}

function folded(title: string, table: string): string {
  return `<details><summary>${title}</summary>\n\n${table}\n\n</details>`;
}
