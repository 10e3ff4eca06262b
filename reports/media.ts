/**
 * The funnels through which text from outside passes into each medium that is no terminal: what acts
 * is written as an escape, and the medium's own syntax is quoted.
 *
 * A report first makes its document `presentable`, which bounds the length of every text. Terminals
 * and JSON have their funnels in `workloads/runner/foreign_text.ts`; pages are escaped by preact.
 *
 * @module
 */
import { LONGEST, oneLine, shortened } from "../workloads/runner/foreign_text.ts";

/**
 * Text in the Markdown of GitHub that shows as it is, on one line, and mentions nobody.
 *
 * @see {@link https://github.github.com/gfm/#backslash-escapes}
 */
export function markdown(text: string): string {
  return oneLine(text.replace(/\s+/g, " "))
    .replace(/[\\`*_[\]|~#$]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    // GitHub looks for names in each text node: a comment makes two of one.
    .replace(/@(?=\w)/g, "@<!-- -->");
}

/** Text that others put between backticks into a cell of a Markdown table. */
export function inBackticks(text: string): string {
  return oneLine(text).replaceAll("`", "\\u0060").replaceAll("|", "\\u007c");
}

/** A field of a line of CSV. */
export type Field = string | number | boolean | null | undefined;

/**
 * A line of comma-separated values with its end; a spreadsheet takes no text in it for a formula.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc4180 RFC 4180}
 */
export function csvLine(fields: readonly Field[]): string {
  return fields.map(csvField).join(",") + "\r\n";
}

function csvField(value: Field): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return String(value);
  const line = oneLine(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${line}` : line;
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Text in an attribute or an element of XML 1.0, which has no place for most controls. */
export function xml(text: string): string {
  return lines(text).join("\n")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}

/**
 * A workflow command of GitHub on a line of its own.
 *
 * @see {@link https://docs.github.com/actions/reference/workflow-commands-for-github-actions}
 */
export function workflowCommand(name: string, title: string, message: string): string {
  const data = (text: string) =>
    lines(text).join("\n").replaceAll("%", "%25").replaceAll("\n", "%0A");
  const property = (text: string) => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${name} title=${property(title)}::${data(message)}`;
}

/**
 * The value of a label in the text formats of Prometheus, old and new, with its line ends; bounded
 * here, so that those are kept.
 *
 * @see {@link https://prometheus.io/docs/instrumenting/exposition_formats/}
 */
export function labelValue(text: string): string {
  return lines(shortened(text, LONGEST)).join("\n")
    .replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/** Lines in which nothing acts, for media that write line ends in their own way. */
function lines(text: string): string[] {
  return text.split("\n").map(oneLine);
}
