import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../../workloads/runner/random.ts";
import {
  binomialInterval,
  bootstrapInterval,
  estimateInterval,
  estimateRate,
  type Interval,
  median,
  medianCoverage,
  medianInterval,
  medianIntervalRank,
  rateInterval,
} from "../../../../workloads/runner/statistics.ts";

const holds = ([low, high]: Interval, truth: number) => low <= truth && truth <= high;

Deno.test("ranks of the median's interval are those of the published table", () => {
  // MacKinnon, "Table for both the sign test and distribution-free confidence intervals of the
  // median for sample sizes to 1,000", JASA 59, 1964: 95 %.
  const table = {
    6: 1,
    7: 1,
    8: 1,
    9: 2,
    10: 2,
    11: 2,
    12: 3,
    15: 4,
    16: 4,
    17: 5,
    20: 6,
    25: 8,
    30: 10,
    35: 12,
    40: 14,
    50: 18,
    100: 40,
  };
  for (const [n, rank] of Object.entries(table)) {
    assertEquals(medianIntervalRank(Number(n)), rank, `n = ${n}`);
  }
  for (const n of [0, 1, 2, 3, 4, 5]) assertEquals(medianIntervalRank(n), null, `n = ${n}`);
});

Deno.test("what the ranks cover is exact", () => {
  const rows = [[5, 1, 0.9375], [6, 1, 0.96875], [10, 2, 0.978515625], [20, 6, 0.958610534667968]];
  for (const [n, rank, level] of rows) {
    assertAlmostEquals(medianCoverage(n!, rank!), level!, 1e-12);
  }
});

Deno.test("the median's interval takes the values at those ranks", () => {
  const values = [50, 10, 40, 20, 90, 30, 80, 60, 70];
  assertEquals(medianInterval(values), [20, 80]);
  assertEquals(medianInterval(values, 0.99), [10, 90]);
  assertEquals(medianInterval([1, 2, 3, 4, 5]), null);
  assertEquals(medianInterval([1, 2, 3, 4, 5], 0.9), [1, 5]);
});

Deno.test("an estimate says which method its interval comes from", () => {
  const random = createRandom(1);
  assertEquals(estimateInterval([5, 1, 2, 3, 9, 4], random), {
    estimate: 3.5,
    interval: [1, 9],
    method: "order-statistics",
    level: 0.96875,
  });
  const five = estimateInterval([5, 1, 2, 3, 9], random);
  assertEquals([five.estimate, five.method, five.level], [3, "bootstrap", 0.9375]);
  assertEquals(five.interval, [1, 9]);
  assertEquals(estimateInterval([5, 1, 2], random), {
    estimate: 2,
    interval: [1, 5],
    method: "none",
    level: 0.75,
  });
  assertEquals(estimateInterval([5], random).interval, [5, 5]);
  assertThrows(() => estimateInterval([], random), RangeError, "no values");
});

Deno.test("a rate is total over total, not a mean of rates", () => {
  const trials = [1, 2, 3, 4, 5, 6].map((seconds) => ({ amount: 6, seconds }));
  const rate = estimateRate(trials, createRandom(1));
  assertAlmostEquals(rate.estimate, 36 / 21, 1e-12);
  assertEquals([rate.method, rate.level], ["bootstrap", 0.95]);
  assert(rate.interval[0] < 36 / 21 && 36 / 21 < rate.interval[1]);
  const few = estimateRate(trials.slice(0, 2), createRandom(1));
  assertEquals(few.method, "none");
  assertEquals(few.interval, [3, 6]);
  const same = Array.from({ length: 6 }, () => ({ amount: 5, seconds: 2 }));
  assertEquals(estimateRate(same, createRandom(1)).interval.map((x) => x.toFixed(9)), [
    "2.500000000",
    "2.500000000",
  ]);
  assertThrows(() => estimateRate([], createRandom(1)), RangeError, "no trials");
  assertThrows(
    () => estimateRate([{ amount: 1, seconds: 0 }], createRandom(1)),
    RangeError,
    "1 in 0 s",
  );
});

Deno.test("the bootstrap covers the median of 2,000 skewed samples as often as it says", () => {
  const random = createRandom(2024);
  let covered = 0;
  for (let sample = 0; sample < 2_000; sample++) {
    const values = Array.from({ length: 10 }, () => Math.exp(normal(random.next)));
    if (holds(bootstrapInterval(values, median, random, 0.95, 499), 1)) covered++;
  }
  assert(covered >= 1_840 && covered <= 1_960, `${covered} of 2000 intervals cover`);
});

Deno.test("the interval of a rate covers in 2,000 samples of skewed times", () => {
  const random = createRandom(2025);
  // Log-normal times of sigma 0.5 have the mean exp(0.125).
  const truth = 1 / Math.exp(0.125);
  let covered = 0;
  for (let sample = 0; sample < 2_000; sample++) {
    const trials = Array.from({ length: 10 }, () => ({
      amount: 1,
      seconds: Math.exp(0.5 * normal(random.next)),
    }));
    if (holds(rateInterval(trials, random, 0.95, 499), truth)) covered++;
  }
  assert(covered >= 1_840 && covered <= 1_960, `${covered} of 2000 intervals cover`);
});

Deno.test("one trial far out widens the interval of a rate up to itself, and no further", () => {
  const rates = [3, 3.01, 3.02, 2.99, 3, 2.98, 3.01, 52];
  const trials = rates.map((amount) => ({ amount, seconds: 1 }));
  const { estimate, interval } = estimateRate(trials, createRandom(1));
  assertEquals(interval, [2.98, 52]);
  assert(interval[0] < estimate && estimate < interval[1]);
});

Deno.test("order statistics cover the median of 2,000 skewed samples at their exact level", () => {
  const random = createRandom(2026);
  let covered = 0;
  for (let sample = 0; sample < 2_000; sample++) {
    const values = Array.from({ length: 10 }, () => Math.exp(normal(random.next)));
    if (holds(medianInterval(values)!, 1)) covered++;
  }
  // 97.85 % is exact; four standard errors of 2,000 draws are 1.3 %.
  assert(Math.abs(covered / 2_000 - 0.9785) < 0.013, `${covered} of 2000 intervals cover`);
});

Deno.test("exact intervals of a proportion are those of Clopper and Pearson", () => {
  const rows = [
    [0, 10, 0, 0.3085],
    [8, 10, 0.4439, 0.9748],
    [1, 20, 0.0013, 0.2487],
    [0, 40, 0, 0.0881],
    [7, 100, 0.0286, 0.1389],
    [10, 10, 0.6915, 1],
  ] as const;
  for (const [successes, n, low, high] of rows) {
    const interval = binomialInterval(successes, n);
    assertAlmostEquals(interval[0], low, 5e-5, `low of ${successes} of ${n}`);
    assertAlmostEquals(interval[1], high, 5e-5, `high of ${successes} of ${n}`);
  }
  for (const [successes, n] of [[-1, 3], [4, 3], [0, 0], [1.5, 3]] as const) {
    assertThrows(() => binomialInterval(successes, n), RangeError, `${successes} of ${n}`);
  }
});

/** Standard normal values by Box and Muller. */
function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
