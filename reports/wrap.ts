/**
 * Lines no wider than a terminal.
 *
 * @module
 */
import { plain } from "./table.ts";

/** Text as lines of at most `width` columns, where its words allow; later ones two deeper. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of plain(text).split(" ")) {
    const room = width - indent.length - (lines.length > 0 ? 2 : 0);
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each, index) => `${indent}${index > 0 ? "  " : ""}${each}`);
}

/** At most `width` characters of a text, the last of them `…` where it was longer. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
