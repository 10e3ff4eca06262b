import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  binomialCdf,
  logFactorial,
  normalCdf,
  normalQuantile,
} from "../../../../workloads/runner/statistics/distributions.ts";

Deno.test("the normal distribution agrees with SciPy 1.17 from tail to tail", () => {
  const rows = [
    [-8, 6.22096057427178e-16],
    [-6.0001, 9.8598e-10],
    [-3, 1.3498980316300945e-3],
    [-1, 0.15865525393145705],
    [0, 0.5],
    [1.96, 0.9750021048517795],
    [5, 0.9999997133484281],
  ] as const;
  for (const [z, expected] of rows) {
    assert(Math.abs(normalCdf(z) / expected - 1) < 1e-4, `${z}: ${normalCdf(z)}`);
    assertAlmostEquals(normalCdf(z), expected, 1e-13);
  }
  // Where the series hands over to the continued fraction, both agree.
  assertAlmostEquals(normalCdf(-6 - 1e-12) / normalCdf(-6), 1, 1e-6);
  assertEquals(normalCdf(40), 1);
  assertEquals(normalCdf(-40), 0);
});

Deno.test("the normal quantile inverts it", () => {
  const rows = [[1e-9, -5.99780702], [0.025, -1.9599639845], [0.3, -0.5244005127]] as const;
  for (const [p, z] of rows) {
    assertAlmostEquals(normalQuantile(p), z, 1e-7);
    assertAlmostEquals(normalQuantile(1 - p), -z, 1e-6);
  }
});

Deno.test("binomial tails are those of Pascal's triangle", () => {
  assertAlmostEquals(logFactorial(10), Math.log(3_628_800), 1e-12);
  assertAlmostEquals(binomialCdf(2, 5, 0.5), 16 / 32, 1e-14);
  assertAlmostEquals(binomialCdf(4, 5, 0.5), 31 / 32, 1e-14);
  assertAlmostEquals(binomialCdf(0, 40, 0.05), 0.95 ** 40, 1e-14);
  assertEquals(binomialCdf(-1, 5, 0.5), 0);
  assertEquals(binomialCdf(5, 5, 0.5), 1);
  // Thousands of trials, where 0.5^n is no number any more.
  assertAlmostEquals(binomialCdf(2_500, 5_000, 0.5), 0.5 + 0.5 * 0.011283791, 1e-6);
});
