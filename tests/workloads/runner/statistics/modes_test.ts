import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../../workloads/runner/random.ts";
import { dip, dipTest, quantile } from "../../../../workloads/runner/statistics.ts";

/** Quality of 63 faculties, the example of Hartigan and Hartigan 1985. */
// deno-fmt-ignore
const faculties = [
  30, 33, 35, 36, 37, 37, 39, 39, 39, 39, 39, 40, 40, 40, 40, 41, 42, 43, 43, 43, 44, 44, 45, 45,
  46, 46, 47, 47, 48, 48, 48, 49, 50, 50, 51, 52, 52, 53, 53, 53, 53, 53, 54, 54, 57, 57, 59, 60,
  60, 60, 61, 61, 61, 61, 62, 62, 62, 62, 63, 66, 70, 72, 72,
];

Deno.test("the dip of the paper's example is the published one", () => {
  assertAlmostEquals(dip(faculties), 0.05952381, 1e-8);
  assertAlmostEquals(dip(faculties.map((x) => -x)), 0.05952381, 1e-8);
  const { p } = dipTest(faculties);
  assert(p > 0.07 && p < 0.11, `p ${p}; R's diptest has 0.087`);
});

Deno.test("dips of uniform samples have the published quantiles", () => {
  // Median, 95 % and 99 %: table qDiptab of R's diptest, from 1,000,001 samples a size.
  const table = [
    [4, 0.1250, 0.2073, 0.2318],
    [6, 0.1231, 0.1648, 0.1919],
    [10, 0.0978, 0.1396, 0.1597],
    [20, 0.0733, 0.1051, 0.1206],
    [50, 0.0489, 0.0703, 0.0812],
  ] as const;
  const random = createRandom(85);
  for (const [n, ...expected] of table) {
    const dips = Array.from(
      { length: 4_000 },
      () => dip(Float64Array.from({ length: n }, random.next)),
    );
    [0.5, 0.95, 0.99].forEach((p, i) => {
      const drawn = quantile(dips, p);
      assert(Math.abs(drawn / expected[i]! - 1) < 0.04, `n ${n}, ${p}: ${drawn}`);
    });
  }
});

Deno.test("ties are steps, not modes", () => {
  assertAlmostEquals(dip([1, 2, 3]), 1 / 6, 1e-12);
  assertAlmostEquals(dip([9, 1, 1, 1, 1, 1]), 1 / 12, 1e-12);
  assertAlmostEquals(dip([1, 1, 1, 9, 9, 9]), 1 / 4, 1e-12);
  assertThrows(() => dip([]), RangeError, "no values");
});

Deno.test("two machine states show in six trials, one state does not", () => {
  assert(dipTest([2.71, 2.70, 2.73, 4.02, 4.05, 4.01]).p < 0.01);
  assert(dipTest([2.71, 2.70, 2.73, 2.72, 2.76, 2.69]).p > 0.1);
  const random = createRandom(7);
  const states = Array.from({ length: 1_000 }, (_, i) => 2.7 + i % 2 * 1.3 + 0.1 * random.next());
  assert(dipTest(states).p < 0.001);
});

Deno.test("the test alarms as often as its level says", () => {
  const random = createRandom(8);
  let alarms = 0;
  for (let i = 0; i < 1_000; i++) {
    const sample = Float64Array.from({ length: 20 }, random.next);
    if (dipTest(sample).p <= 0.05) alarms++;
  }
  assert(alarms > 25 && alarms < 80, `${alarms} of 1000 at 5 %`);
  assertEquals(dipTest([1, 2, 3]), dipTest([1, 2, 3]));
});
