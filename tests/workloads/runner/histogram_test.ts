import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createHistogram, decodeHistogram } from "../../../workloads/runner/histogram.ts";
import { createRandom } from "../../../workloads/runner/random.ts";
import { quantile } from "../../../workloads/runner/statistics.ts";

Deno.test("percentiles lie within three digits of those of the samples", async () => {
  const random = createRandom(1);
  const samples = Float64Array.from({ length: 20_000 }, () => 2_000 / (1 - random.next()));
  const histogram = await createHistogram();
  histogram.record(samples);
  const percentiles = histogram.percentiles()!;
  for (const [name, p] of [["p50", 0.5], ["p90", 0.9], ["p99", 0.99], ["p99.9", 0.999]] as const) {
    const ratio = percentiles[name]! / quantile(samples, p);
    // The quantile lies between two samples, the histogram's value on one.
    assertAlmostEquals(ratio, 1, name === "p99.9" ? 0.02 : 0.003, name);
  }
  assertEquals(percentiles.max, samples.reduce((a, b) => Math.max(a, b)));
});

Deno.test("only the percentiles that the count supports are there", async () => {
  const rows = [
    [1, ["max"]],
    [20, ["max"]],
    [21, ["max", "p50"]],
    [100, ["max", "p50"]],
    [101, ["max", "p50", "p90"]],
    [1_000, ["max", "p50", "p90"]],
    [1_001, ["max", "p50", "p90", "p99"]],
    [10_000, ["max", "p50", "p90", "p99"]],
    [10_001, ["max", "p50", "p90", "p99", "p99.9"]],
  ] as const;
  for (const [count, names] of rows) {
    const histogram = await createHistogram();
    histogram.record(new Uint32Array(count).fill(5));
    assertEquals(Object.keys(histogram.percentiles()!), [...names], `${count} samples`);
  }
  assertEquals((await createHistogram()).percentiles(), null);
});

Deno.test("two merged are one of all samples, through encoding too", async () => {
  const random = createRandom(2);
  const draw = (length: number) =>
    Uint32Array.from({ length }, () => random.integer(4_000_000_000));
  const [first, second] = [draw(700), draw(600)];
  second[0] = 4_123_456_789;
  const whole = await createHistogram();
  whole.record(first);
  whole.record(second);
  const merged = await createHistogram();
  merged.record(first);
  const other = await createHistogram();
  other.record(second);
  // The largest of all is in the half that is encoded, where only three digits of it stay.
  const max = second.reduce((a, b) => Math.max(a, b));
  merged.merge(await decodeHistogram(other.encode(), max));
  assertEquals(merged.count, 1_300);
  assertEquals(merged.percentiles(), whole.percentiles());
  assertEquals(merged.encode(), whole.encode());
});

Deno.test("the encoding is HdrHistogram V2, compressed, in base64", async () => {
  const histogram = await createHistogram();
  histogram.record([1, 1_000, 3_600e9]);
  const bytes = Uint8Array.fromBase64(histogram.encode());
  // Cookie 0x1c849304 with the word size 0x10, then the length of the deflated rest.
  const view = new DataView(bytes.buffer);
  assertEquals(view.getUint32(0), 0x1c849314);
  assertEquals(view.getUint32(4), bytes.length - 8);
  const inner = new Response(
    new Blob([bytes.slice(8)]).stream().pipeThrough(new DecompressionStream("deflate")),
  );
  const payload = new DataView(await inner.arrayBuffer());
  assertEquals(payload.getUint32(0), 0x1c849313);
  assertEquals(payload.getUint32(12), 3, "significant digits");
});

Deno.test("a decoded histogram goes on recording beyond its range", async () => {
  const small = await createHistogram();
  small.record([3]);
  const decoded = await decodeHistogram(small.encode());
  decoded.record([90e9]);
  assertEquals(decoded.count, 2);
  assertEquals(decoded.percentiles()!.max, 90e9);
});

Deno.test("what is no latency and what is no histogram is refused", async () => {
  const histogram = await createHistogram();
  for (const wrong of [-1, NaN, Infinity]) {
    assertThrows(() => histogram.record([wrong]), RangeError, `latency of ${wrong} ns`);
  }
  assertEquals(histogram.count, 0);
  histogram.record([0]);
  assertEquals(histogram.percentiles(), { max: 0 });
  for (const wrong of ["", "not base64!", "AAAA", btoa("x".repeat(80))]) {
    await assertRejects(() => decodeHistogram(wrong), SyntaxError, "no compressed HdrHistogram");
  }
});

Deno.test("importing the file does not load the library", async () => {
  const source = new URL("../../../workloads/runner/histogram.ts", import.meta.url);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", source.href],
    stderr: "inherit",
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  const own = modules.find((module: { specifier: string }) => module.specifier === source.href);
  const library = own.dependencies.find((d: { specifier: string }) =>
    d.specifier === "hdr-histogram-js"
  );
  assert(library, "the dependency is listed");
  assertEquals(library.isDynamic, true);
});
