/**
 * Text from outside (documents, hosts, servers, modules of users) made fit to be shown.
 *
 * A terminal shows what {@linkcode presentable} gives, JSON is written by {@linkcode jsonText}; the
 * funnels of the other media stand in `reports/media.ts`.
 *
 * @module
 */

/** Longest text that a report repeats, in UTF-16 units. */
export const LONGEST = 1_000;

/**
 * What acts instead of being shown: controls (C0, DEL, C1), line and paragraph separators,
 * bidirectional controls, and what is no character (lone surrogates, U+FFFE and its like). A `##`
 * before a bracket starts a command of GitHub's runner or Azure Pipelines anywhere in a line.
 *
 * @see {@link https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs}
 */
const ACTIVE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}]|#(?=#\w*\[)/gu;

/** The text on one line: what would act in a terminal or a log is written as an escape. */
export function oneLine(text: string): string {
  return text.replace(ACTIVE, escape);
}

function escape(character: string): string {
  if (character === "\n") return "\\n";
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}

/** At most `most` UTF-16 units of a text, and an ellipsis where it was longer. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** A text as reports repeat it: on one line, and no longer than {@linkcode LONGEST}. */
export function shown(text: string): string {
  return oneLine(shortened(text, LONGEST));
}

/** Histograms are read as data and never shown. */
const DATA = new Set(["histogram"]);

/**
 * Plain data whose texts, names of fields included, are all as {@linkcode shown} gives them; what
 * needs no change is not copied.
 *
 * A report passes its document through this first, so that it can forget no field.
 */
export function presentable<T>(value: T): T {
  return presented(value) as T;
}

function presented(value: unknown): unknown {
  if (typeof value === "string") return shown(value);
  if (Array.isArray(value)) {
    const items = value.map(presented);
    return items.every((item, index) => Object.is(item, value[index])) ? value : items;
  }
  if (!isPlain(value)) return value;
  const before = Object.entries(value);
  const after = before.map(([name, each]) =>
    [shown(name), DATA.has(name) ? each : presented(each)] as const
  );
  const same = after.every(([name, each], index) =>
    name === before[index]![0] && Object.is(each, before[index]![1])
  );
  return same ? value : Object.fromEntries(after);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Ends of lines and colours, which a finished text has of its own. */
// deno-lint-ignore no-control-regex
const LAYOUT = /(\n|\x1b\[[\d;]*m)/;

/**
 * A finished text for a terminal or a log, of which only line ends and colours act.
 *
 * Wherever a line breaks, none begins with `::`, by which GitHub's runner knows a command.
 */
export function printable(text: string): string {
  return text.split(LAYOUT).map((part, index) => index % 2 === 1 ? part : oneLine(part)).join("")
    .replace(/^([^\S\n]*):(?=:)/gm, "$1\\u003a");
}

/** JSON's own line ends stand between its fields. */
const ACTIVE_IN_JSON = new RegExp(`(?!\\n)(?:${ACTIVE.source})`, "gu");

/** A value as JSON of the same meaning in which nothing acts. */
export function jsonText(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(ACTIVE_IN_JSON, escapeUnits);
}

/** JSON names a character beyond U+FFFF by its two UTF-16 units. */
function escapeUnits(character: string): string {
  return character.split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}
