import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "commander";
import { sizes } from "../../cli/arguments.ts";

const ACCEPTED: [text: string, bytes: number][] = [
  ["64", 64],
  ["64B", 64],
  ["64kB", 64_000],
  ["64KiB", 65_536],
  ["1MB", 1_000_000],
  ["1MiB", 1_048_576],
  ["0.5KiB", 512],
  ["4kib", 4_096],
  ["4 KIB", 4_096],
];

Deno.test("sizes are taken in the units of SI and IEC", () => {
  for (const [text, bytes] of ACCEPTED) assertEquals(sizes(text), [bytes], text);
});

const AMBIGUOUS: [text: string, says: RegExp][] = [
  ["64kb", /"64kb" is ambiguous: give 64kB \(64,000 bytes\) or 64KiB \(65,536 bytes\)\./],
  ["64KB", /give 64kB \(64,000 bytes\) or 64KiB/],
  ["64k", /give 64kB .* or 64KiB/],
  ["64K", /give 64kB .* or 64KiB/],
  ["1mb", /give 1MB \(1,000,000 bytes\) or 1MiB \(1,048,576 bytes\)/],
  ["1M", /give 1MB .* or 1MiB/],
  ["64b", /"64b" is ambiguous: give 64B \(64 bytes\)\./],
  ["1,64kb", /"64kb" is ambiguous/],
];

Deno.test("a unit that may mean 1,000 or 1,024 is refused, with both named", () => {
  for (const [text, says] of AMBIGUOUS) {
    assertMatch(assertThrows(() => sizes(text), InvalidArgumentError).message, says, text);
  }
});

Deno.test("what is no size is refused as such", () => {
  for (const text of ["0", "-1", "1.5", "64XB", "64kiBB", "64constructor", "65MiB"]) {
    const { message } = assertThrows(() => sizes(text), InvalidArgumentError);
    assertMatch(message, /is no message size: give whole bytes/, text);
  }
});
