import { assertEquals, assertThrows } from "@std/assert";
import * as bytes from "@std/fmt/bytes";
import * as colors from "@std/fmt/colors";
import * as duration from "@std/fmt/duration";

const sizes: [number, bytes.FormatOptions, string][] = [
  [0, {}, "0 B"],
  [0.12345, {}, "0.12345 B"],
  [1337, {}, "1.34 kB"],
  [-1337, {}, "-1.34 kB"],
  [1_000_000, {}, "1 MB"],
  [999_999, {}, "1000 kB"],
  [1024, { binary: true }, "1 kiB"],
  [65_536, { binary: true }, "64 kiB"],
  [1_048_576, { binary: true }, "1 MiB"],
  [1_048_575, { binary: true, maximumFractionDigits: 1, locale: "en" }, "1,024 kiB"],
  [1337, { bits: true }, "1.34 kbit"],
  [42, { signed: true }, "+42 B"],
  [0, { signed: true }, " 0 B"],
  [1337, { locale: "de" }, "1,34 kB"],
  [1e30, {}, "1000000 YB"],
];

for (const [size, options, text] of sizes) {
  Deno.test(`${size} bytes ${JSON.stringify(options)} are "${text}"`, () => {
    assertEquals(bytes.format(size, options), text);
  });
}

Deno.test("every power of 1000 and of 1024 starts a new unit", () => {
  const units = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
  for (const [power, unit] of units.entries()) {
    assertEquals(bytes.format(1000 ** power), `1 ${unit}`);
    const binary = power === 0 ? unit : unit.replace("B", "iB");
    assertEquals(bytes.format(1024 ** power, { binary: true }), `1 ${binary}`);
  }
});

Deno.test("a size that is no number is refused", () => {
  assertThrows(() => bytes.format(NaN), TypeError, "NaN");
});

const durations: [number, duration.FormatOptions, string][] = [
  [99674, {}, "0d 0h 1m 39s 674ms 0µs 0ns"],
  [99674, { ignoreZero: true }, "1m 39s 674ms"],
  [99674, { style: "full", ignoreZero: true }, "1 minutes, 39 seconds, 674 milliseconds"],
  [99674, { style: "digital" }, "00:00:01:39:674:000:000"],
  [99674, { style: "digital", ignoreZero: true }, "00:00:01:39:674"],
  [0, { style: "digital", ignoreZero: true }, ""],
  [0, { ignoreZero: true }, ""],
  [0.123456, { ignoreZero: true }, "123µs 456ns"],
  [1.001, { ignoreZero: true }, "1ms 1µs"],
  [-1500, { ignoreZero: true }, "1s 500ms"],
  [90_061_001, { ignoreZero: true }, "1d 1h 1m 1s 1ms"],
];

for (const [ms, options, text] of durations) {
  Deno.test(`${ms} ms ${JSON.stringify(options)} are "${text}"`, () => {
    assertEquals(duration.format(ms, options), text);
  });
}

Deno.test("an unknown style is refused", () => {
  const options = { style: "short" as "full" };
  assertThrows(() => duration.format(1, options), TypeError, "short");
});

/** The value of an expression over `colors` in a fresh Deno with these environment variables. */
function paintedWith(env: Record<string, string>, expression: string): string {
  const code =
    `import * as colors from "@std/fmt/colors"; console.log(JSON.stringify(${expression}))`;
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", code],
    env: { NO_COLOR: "", ...env },
  }).outputSync();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("colours wrap a text, and an inner colour gives way to the outer again", () => {
  const nested = "colors.red('a' + colors.blue('b') + 'c')";
  assertEquals(paintedWith({}, nested), "\x1b[31ma\x1b[34mb\x1b[31mc\x1b[39m");
  assertEquals(paintedWith({}, "colors.bold(colors.dim('x'))"), "\x1b[1m\x1b[2mx\x1b[1m\x1b[22m");
  assertEquals(paintedWith({}, "colors.rgb24('x', 0x0a0b0c)"), "\x1b[38;2;10;11;12mx\x1b[39m");
  assertEquals(paintedWith({}, "colors.bgRgb8('x', 300)"), "\x1b[48;5;255mx\x1b[49m");
});

Deno.test("NO_COLOR keeps colours off, whoever asks for them", () => {
  const expression = "(colors.setColorEnabled(true), colors.red('x'))";
  assertEquals(paintedWith({ NO_COLOR: "1" }, expression), "x");
});

Deno.test("setColorEnabled(false) leaves the text alone", () => {
  const expression = "(colors.setColorEnabled(false), colors.red('x'))";
  assertEquals(paintedWith({}, expression), "x");
});

Deno.test("stripAnsiCode leaves the text of a coloured one", () => {
  assertEquals(colors.stripAnsiCode("\x1b[31mred\x1b[39m and \x1b[1mbold\x1b[22m"), "red and bold");
});
