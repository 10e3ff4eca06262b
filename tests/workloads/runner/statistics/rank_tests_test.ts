import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  mannWhitney,
  mannWhitneyLeastP,
  pairedRatioTest,
  ratioTest,
  signedRank,
  signedRankInterval,
  signTest,
} from "../../../../workloads/runner/statistics.ts";

/** Two samples without ties whose U is the one asked for. */
function samplesWithU(a: number, b: number, u: number): [number[], number[]] {
  const ranks = Array.from({ length: a }, (_, i) => {
    const wins = Math.min(b, Math.max(0, u - (a - 1 - i) * b));
    return i + 1 + wins;
  });
  const others = Array.from({ length: a + b }, (_, i) => i + 1).filter((r) => !ranks.includes(r));
  return [ranks, others];
}

Deno.test("Mann–Whitney agrees with the published critical values", () => {
  // Two-sided 5 %: Conover 1999, table A7; Siegel and Castellan 1988, table J.
  const table = [
    [4, 4, 0],
    [5, 5, 2],
    [6, 6, 5],
    [7, 7, 8],
    [8, 6, 8],
    [8, 8, 13],
    [10, 5, 8],
    [10, 10, 23],
    [12, 12, 37],
    [15, 15, 64],
    [20, 10, 55],
    [20, 20, 127],
  ] as const;
  for (const [a, b, critical] of table) {
    const within = mannWhitney(...samplesWithU(a, b, critical));
    const beyond = mannWhitney(...samplesWithU(a, b, critical + 1));
    assertEquals([within.statistic, beyond.statistic], [critical, critical + 1]);
    assertEquals(within.method, "exact");
    assert(within.p <= 0.05, `${a}, ${b}: U ${critical} has p ${within.p}`);
    assert(beyond.p > 0.05, `${a}, ${b}: U ${critical + 1} has p ${beyond.p}`);
  }
});

Deno.test("Mann–Whitney agrees with SciPy 1.17 in each direction", () => {
  const a = [3.1, 2.7, 4.4, 5.2, 3.9, 6.1];
  const b = [4.8, 5.5, 6.6, 7.2, 5.9, 8.1, 4.1];
  assertEquals(mannWhitney(a, b).statistic, 7);
  assertAlmostEquals(mannWhitney(a, b).p, 0.05128205128205128, 1e-12);
  assertAlmostEquals(mannWhitney(a, b, "less").p, 0.02564102564102564, 1e-12);
  assertAlmostEquals(mannWhitney(a, b, "greater").p, 0.9825174825174825, 1e-12);
});

Deno.test("Mann–Whitney with ties is the permutation test", () => {
  // SciPy 1.17, PermutationMethod over all 462 splits.
  const [a, b] = [[1, 2, 2, 3, 5], [2, 4, 5, 5, 6, 7]];
  assertEquals(mannWhitney(a, b).statistic, 5);
  assertAlmostEquals(mannWhitney(a, b).p, 0.08225108225108226, 1e-12);
  assertAlmostEquals(mannWhitney(a, b, "greater").p, 0.9826839826839827, 1e-12);
  assertEquals(mannWhitney([1, 1, 1], [1, 1, 1, 1]).p, 1);
});

Deno.test("Mann–Whitney of large samples is corrected for ties and continuity", () => {
  const a = Array.from({ length: 40 }, (_, i) => i * 7 % 41);
  const b = Array.from({ length: 35 }, (_, i) => i * 11 % 43 + 3);
  const test = mannWhitney(a, b);
  assertEquals([test.statistic, test.method], [593, "normal"]);
  assertAlmostEquals(test.p, 0.2579392611075515, 1e-10);
  assertAlmostEquals(mannWhitney(a, b, "less").p, 0.12896963055377575, 1e-10);
});

Deno.test("the least p is that of samples which do not overlap", () => {
  for (const [a, b] of [[3, 3], [4, 5], [6, 6], [10, 7]] as const) {
    assertAlmostEquals(mannWhitneyLeastP(a, b), mannWhitney(...samplesWithU(a, b, 0)).p, 1e-12);
  }
  assertAlmostEquals(mannWhitneyLeastP(3, 3), 0.1, 1e-12);
  assertThrows(() => mannWhitney([], [1]), RangeError, "empty");
});

Deno.test("the ratio of two samples is the Hodges–Lehmann shift of their logarithms", () => {
  // Hollander and Wolfe, permeability of membranes: W 35, one-sided p 0.127, shift 0.305; the
  // interval as R's wilcox.test gives it.
  const atTerm = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const earlier = [1.15, 0.88, 0.90, 0.74, 1.21];
  const test = ratioTest(atTerm.map(Math.exp), earlier.map(Math.exp), 0.95, "greater");
  assertEquals(test.statistic, 35);
  assertAlmostEquals(test.p, 0.1272, 5e-5);
  assertAlmostEquals(Math.log(test.ratio), 0.305, 1e-12);
  assertAlmostEquals(Math.log(test.interval![0]), -0.15, 1e-12);
  assertAlmostEquals(Math.log(test.interval![1]), 0.76, 1e-12);
});

Deno.test("the ratio's interval excludes 1 exactly where the test rejects", () => {
  for (const [a, b] of [[6, 6], [7, 9], [12, 10], [31, 32]] as const) {
    for (let u = 0; u <= a * b / 2; u++) {
      const [x, y] = samplesWithU(a, b, u);
      const { p, interval } = ratioTest(x, y);
      assertEquals(interval![1] < 1, p <= 0.05, `${a}, ${b}: U ${u}, p ${p}`);
    }
  }
  assertEquals(ratioTest([1, 2, 3], [4, 5, 6]).interval, null);
  assertThrows(() => ratioTest([1, 0], [1, 2]), RangeError, "ratio of 0");
});

Deno.test("signed ranks agree with Wilcoxon's critical values", () => {
  // Two-sided 5 %: Conover 1999, table A12; Siegel and Castellan 1988, table H.
  const table = { 6: 0, 7: 2, 8: 3, 9: 5, 10: 8, 12: 13, 15: 25, 20: 52, 25: 89 };
  for (const [count, critical] of Object.entries(table)) {
    const within = signedRank(differencesWithSum(Number(count), critical));
    const beyond = signedRank(differencesWithSum(Number(count), critical + 1));
    assertEquals([within.statistic, beyond.statistic], [critical, critical + 1]);
    assert(within.p <= 0.05, `${count}: ${critical} has p ${within.p}`);
    assert(beyond.p > 0.05, `${count}: ${critical + 1} has p ${beyond.p}`);
  }
});

/** Differences ±1 ... ±n whose positive ranks have the sum asked for. */
function differencesWithSum(n: number, sum: number): number[] {
  const differences: number[] = [];
  for (let rank = n, left = sum; rank >= 1; rank--) {
    const positive = rank <= left;
    if (positive) left -= rank;
    differences.push(positive ? rank : -rank);
  }
  return differences;
}

/** Hollander and Wolfe, depression scale before and after: 9 patients. */
const depression = [0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01];

Deno.test("signed ranks of the depression scale are those of the book", () => {
  const test = signedRank(depression, "greater");
  assertEquals([test.statistic, test.method], [40, "exact"]);
  assertAlmostEquals(test.p, 0.01953125, 1e-12);
  assertAlmostEquals(signedRank(depression).p, 0.0390625, 1e-12);
  const interval = signedRankInterval(depression)!;
  assertAlmostEquals(interval[0], 0.01, 1e-12);
  assertAlmostEquals(interval[1], 0.786, 1e-12);
  assertEquals(signedRankInterval([1, 2, 3, 4, 5]), null);
});

Deno.test("signed ranks of many differences, ties and zeros agree with SciPy 1.17", () => {
  const differences = Array.from({ length: 70 }, (_, i) => i * 13 % 71 - 25);
  const test = signedRank(differences);
  assertEquals(test.method, "normal");
  assertAlmostEquals(test.p, 0.0006611557816702145, 1e-12);
  assertEquals(signedRank([0, 0]).p, 1);
});

Deno.test("the sign test counts halves of the binomial distribution", () => {
  assertAlmostEquals(signTest(depression).p, 2 * 46 / 512, 1e-12);
  assertAlmostEquals(signTest(depression, "greater").p, 46 / 512, 1e-12);
  assertAlmostEquals(signTest([1, 1, 1, 1, 1, 1, 0]).p, 2 / 64, 1e-12);
  assertEquals(signTest([]).p, 1);
});

Deno.test("a paired ratio is the median of ratios, with the interval of the sign test", () => {
  const b = [10, 20, 30, 40, 50, 60, 70, 80, 90];
  const factors = [1.1, 1.3, 1.2, 1.0, 1.4, 0.9, 1.5, 1.25, 1.15];
  const test = pairedRatioTest(b.map((x, i) => x * factors[i]!), b);
  assertAlmostEquals(test.ratio, 1.2, 1e-12);
  assertAlmostEquals(test.interval![0], 1.0, 1e-12);
  assertAlmostEquals(test.interval![1], 1.4, 1e-12);
  assertEquals(pairedRatioTest([1, 2, 3], [1, 1, 1]).interval, null);
  assertThrows(() => pairedRatioTest([1], [1, 2]), RangeError, "1 values with 2");
});
