/**
 * Documents in which every text that a schema leaves free is hostile, and what no medium may pass on.
 *
 * @module
 */
import { assert } from "@std/assert";

/** A JSON Schema, as far as the published ones go. */
export interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  format?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** What stands where a schema leaves it open; each gets the path of its field. */
export interface Filling {
  text: (path: string) => string;
  number: (path: string) => number;
}

/** A value with all its optional fields, and one of each kind where a list may hold several kinds. */
export function fill(schema: JsonSchema, filling: Filling, path = ""): unknown {
  const at = (name: string | number) => path === "" ? `${name}` : `${path}.${name}`;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const kinds = schema.anyOf ?? schema.oneOf;
  if (kinds) return fill(kinds.find(({ type }) => type !== "null") ?? kinds[0]!, filling, path);
  switch (schema.type) {
    case "string":
      if (schema.format === "date-time" || /\\d\{4\}/.test(schema.pattern ?? "")) {
        return "2026-01-02T03:04:05.678Z";
      }
      return schema.pattern ? "hostile-1" : filling.text(path);
    case "number":
    case "integer":
      return filling.number(path);
    case "boolean":
      return !/control$/.test(path);
    case "array": {
      if (schema.prefixItems) {
        return schema.prefixItems.map((each, i) => fill(each, filling, at(i)));
      }
      const items = schema.items?.anyOf ?? schema.items?.oneOf ??
        Array.from({ length: TRIALS.test(path) ? 12 : 1 }, () => schema.items ?? {});
      return items.map((each, index) => fill(each, filling, at(index)));
    }
    case "object": {
      const named = Object.entries(schema.properties ?? {});
      const { additionalProperties: more } = schema;
      const free = typeof more === "object" ? [[filling.text(at("name")), more] as const] : [];
      return Object.fromEntries(
        [...named, ...free].map((
          [name, each],
        ) => [name, fill(each, filling, at(name.slice(0, 20)))]),
      );
    }
    default:
      return null;
  }
}

const TRIALS = /(^|\.)trials$/;

/** What acts somewhere: in a terminal, a log, a table, a page or a spreadsheet. SQLite ends a text at NUL. */
const ACTS =
  "\nINJECTED\n::stop-commands::x\n::error::x ##[error]x ##vso[task.complete]x\r\u001b]0;x\u0007" +
  "\u001b[2J\u009b31m\u0085\u007f\u202e\u2066\u200f\u061c\u2028\u2029\ud800\uffff\t" +
  "</script><img src=x onerror=x>\"'`|&]]> @octocat <!-- $x$ [x](y) \\ \n\n# x\n| x |\nINJECTED\u0000";

/** Hostile texts; each says the path of its field. */
export const TEXTS: Readonly<Record<string, (path: string) => string>> = {
  formula: (path) => `=${path}${ACTS}`,
  command: (path) => `  ::error::${path}${ACTS}`,
  long: (path) => `${path}${"A".repeat(40_000)}${ACTS}`,
};

/** Longest line that texts of 40,000 characters may lead to. */
const LONGEST_LINE = 30_000;

/** Nothing acts, and no line begins with what a text of several lines would begin one with. */
export function assertInert(text: string, medium: string): void {
  const active =
    // deno-lint-ignore no-control-regex
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/;
  assertNone(text, active, medium);
  assertNone(text, /[\ud800-\udfff]/u, medium);
  assertNone(text, /##\w*\[/, medium);
  assertNone(text, /^\s*INJECTED/m, medium);
}

/** Nothing acts, and no line is as long as the texts are. */
export function assertHarmless(text: string, medium: string): void {
  assertInert(text, medium);
  for (const line of text.split("\n")) {
    assert(line.length <= LONGEST_LINE, `${medium}: a line of ${line.length} characters`);
  }
}

/** No line that GitHub's runner would take for a command. */
export function assertNoCommand(text: string, medium: string): void {
  assertNone(text, /^[^\S\n]*::/m, medium);
}

function assertNone(text: string, pattern: RegExp, medium: string): void {
  const at = text.search(pattern);
  if (at < 0) return;
  const around = JSON.stringify(text.slice(Math.max(0, at - 80), at + 40));
  throw new Error(`${medium}: ${pattern} is in ${around}`);
}

/** Plain data with every text replaced, but for those fields whose words are code. */
export function withHostile<T>(value: T, text: (path: string) => string, words: RegExp): T {
  const walk = (each: unknown, path: string): unknown => {
    if (typeof each === "string") return words.test(path) ? each : text(path);
    if (Array.isArray(each)) return each.map((item, index) => walk(item, `${path}.${index}`));
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(
      Object.entries(each).map(([name, item]) => [name, walk(item, `${path}.${name}`)]),
    );
  };
  return walk(value, "") as T;
}
