import { assert, assertEquals } from "@std/assert";
import {
  jsonText,
  LONGEST,
  oneLine,
  presentable,
  printable,
  shortened,
  shown,
} from "../../../workloads/runner/foreign_text.ts";

Deno.test("what acts in a terminal or a log is written as an escape", () => {
  const rows = [
    ["plain é 漢 👩‍💻 ::x", "plain é 漢 👩‍💻 ::x"],
    ["a\nb\tc\r\0\u001b[31m\u007f", "a\\nb\\u0009c\\u000d\\u0000\\u001b[31m\\u007f"],
    ["\u009b31m\u0085", "\\u009b31m\\u0085"],
    ["\u202eabc\u2066\u200e\u200f\u061c", "\\u202eabc\\u2066\\u200e\\u200f\\u061c"],
    ["\u2028\u2029", "\\u2028\\u2029"],
    ["\ud800x\udfff\uffff\u{1fffe}", "\\ud800x\\udfff\\uffff\\u{1fffe}"],
    ["##[error]x ##vso[task]", "\\u0023#[error]x \\u0023#vso[task]"],
    ["####[group]", "##\\u0023#[group]"],
    ["## 1 [x]", "## 1 [x]"],
  ] as const;
  for (const [text, expected] of rows) assertEquals(oneLine(text), expected);
});

Deno.test("a text is cut between characters", () => {
  assertEquals(shortened("abc", 3), "abc");
  assertEquals(shortened("abcd", 3), "abc…");
  assertEquals(shortened("ab😀d", 3), "ab…");
  assertEquals(shown("x".repeat(2 * LONGEST)).length, LONGEST + 1);
});

Deno.test("data are presentable in every field, its name included, and else the same", () => {
  const clean = { a: ["b", 1, null, NaN], c: { d: true, e: undefined } };
  assert(presentable(clean) === clean);
  const histogram = "x".repeat(2 * LONGEST);
  const given = { "a\n": ["b\u0007", { histogram, text: histogram }], clean };
  const made = presentable(given);
  assertEquals(Object.keys(made), ["a\\n", "clean"]);
  assertEquals(JSON.stringify(made).includes("\\u0007"), true);
  assertEquals(made.clean, clean);
  const [, inner] = (made as unknown as Record<string, [string, typeof clean & { text: string }]>)[
    "a\\n"
  ]!;
  assertEquals(inner, { histogram, text: `${"x".repeat(LONGEST)}…` } as unknown as typeof inner);
  assertEquals(Object.keys(presentable(JSON.parse('{"__proto__":{"x":"\\n"}}'))), ["__proto__"]);
});

Deno.test("of a finished text only line ends and colours act", () => {
  assertEquals(
    printable("\u001b[1mbold\u001b[22m\n\u001b]0;title\u0007\u001b[2J"),
    "\u001b[1mbold\u001b[22m\n\\u001b]0;title\\u0007\\u001b[2J",
  );
  assertEquals(
    printable("::error::x\n  ::stop-commands::x\na ::x\n: :"),
    "\\u003a:error::x\n  \\u003a:stop-commands::x\na ::x\n: :",
  );
});

Deno.test("JSON keeps its meaning, and nothing in it acts", () => {
  const value = { "a\u009b": ["\u202e##[error]\u001b", "\u{1fffe}\ud800\u2028\n"], b: [1, {}] };
  for (const space of [undefined, 2]) {
    const text = jsonText(value, space);
    assertEquals(JSON.parse(text), value);
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]|##\[/.test(text), text);
    assertEquals(text.split("\n").length, JSON.stringify(value, null, space).split("\n").length);
  }
});
