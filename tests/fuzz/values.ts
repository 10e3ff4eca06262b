/** Values that programs trip over. @module */
import fc from "fast-check";

/** Text from somebody who means harm, and from somebody whose editor does. */
export const HOSTILE_TEXTS = [
  "",
  " ",
  "\0",
  "a\nb",
  "\r\n",
  "\x1b[31mred\x1b[0m",
  "\x1b]0;title\x07",
  "\u202egnirts",
  "\u2028",
  "\ud800",
  "\u{1f4a5}".repeat(40),
  "e\u0301".repeat(50),
  "</script><script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "'; DROP TABLE runs; --",
  "../../../../etc/passwd",
  "/etc/passwd",
  "/",
  "//",
  ".",
  "..",
  "-",
  "--",
  "--json",
  "%s%n%d",
  "${HOME}",
  "$(id)",
  "`id`",
  "|id",
  "=1+1",
  "| a | b |",
  "[x](javascript:alert(1))",
  "file:///etc/passwd",
  "http://127.0.0.1:1/",
  "data:text/javascript,throw 1",
  "javascript:alert(1)",
  "NaN",
  "Infinity",
  "-0",
  "1e309",
  "0x10",
  "１２",
  "null",
  "undefined",
  "true",
  "[object Object]",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "__defineGetter__",
  "then",
  "length",
  "2026-02-30T00:00:00Z",
  "2026-13-45T99:99:99Z",
  "-271821-04-20T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
  "2026-01-01",
  "x".repeat(300),
  "y".repeat(100_000),
  "ns",
  "pipe",
  "latest",
] as const;

export const HOSTILE_NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  5e-324,
  1e-300,
  1e21,
  1e300,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  -(2 ** 31),
  8.64e15,
] as const;

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);

export const hostileNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...HOSTILE_NUMBERS),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);

/** Anything that JSON can say. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 3, arbitrary: hostileNumber },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null], [{}]) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(10, 1_000, 20_000).map((depth) => `<nested ${depth}>`) },
);

/** Puts arrays in arrays where the text says so: no value could be so deep and be copied. */
export function withNesting(json: string): string {
  return json.replace(
    /"<nested (\d+)>"/g,
    (_, depth) => "[".repeat(Number(depth)) + "]".repeat(Number(depth)),
  );
}
