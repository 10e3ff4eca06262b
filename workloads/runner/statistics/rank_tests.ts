/**
 * Tests by ranks, which ask nothing of the shape of a distribution, and their intervals.
 *
 * @module
 */
import { binomialCdf, logFactorial, normalCdf } from "./distributions.ts";
import { type Interval, medianInterval } from "./intervals.ts";
import { median, sorted } from "./order.ts";

/** What is to be shown of the first sample against the second (or of differences against 0). */
export type Alternative = "two-sided" | "less" | "greater";

export interface RankTest {
  statistic: number;
  p: number;
  method: "exact" | "normal";
}

/** A ratio and its interval. */
export interface Ratio {
  ratio: number;
  /** Null where the samples are too small for the level. */
  interval: Interval | null;
}

/** A ratio, its interval, and the test that it is 1. */
export interface RatioTest extends RankTest, Ratio {}

/** Up to this many values the null distribution is enumerated, ties and all. */
const EXACT_UP_TO = 60;

/**
 * Mann–Whitney U of `a` over `b` (pairs with a > b, ties half), exact up to 60 values.
 *
 * Mann and Whitney, Annals of Mathematical Statistics 18, 1947; with ties by the shift algorithm of
 * Streitberg and Röhmel, Statistical Software Newsletter 12, 1986; beyond, the normal
 * approximation corrected for ties and continuity. A two-sided p is twice the smaller tail.
 *
 * @throws {RangeError} a sample is empty
 */
export function mannWhitney(
  a: readonly number[],
  b: readonly number[],
  alternative: Alternative = "two-sided",
): RankTest {
  if (a.length === 0 || b.length === 0) throw new RangeError("Cannot compare an empty sample");
  const ranks = doubledRanks([...a, ...b]);
  const sum = ranks.slice(0, a.length).reduce((x, y) => x + y, 0);
  const statistic = (sum - a.length * (a.length + 1)) / 2;
  const n = ranks.length;
  if (n <= EXACT_UP_TO) {
    const p = tails(subsetSums(ranks, a.length), sum, alternative);
    return { statistic, p, method: "exact" };
  }
  const pairs = a.length * b.length;
  const variance = pairs / 12 * (n + 1 - tieTerm(ranks) / (n * (n - 1)));
  const p = normalTails(statistic - pairs / 2, variance, alternative);
  return { statistic, p, method: "normal" };
}

/** The smallest two-sided p that samples of these sizes can reach in {@linkcode mannWhitney}. */
export function mannWhitneyLeastP(a: number, b: number): number {
  return Math.min(1, 2 * Math.exp(logFactorial(a) + logFactorial(b) - logFactorial(a + b)));
}

/**
 * How many times larger `a` is than `b`: the Hodges–Lehmann estimate on logarithms, with the
 * interval that belongs to the Mann–Whitney test.
 *
 * Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods", 3rd edition, 2014, sections
 * 4.2 and 4.3.
 *
 * @throws {RangeError} a sample is empty or has a value that is not positive
 */
export function ratioTest(
  a: readonly number[],
  b: readonly number[],
  level = 0.95,
  alternative: Alternative = "two-sided",
): RatioTest {
  const ratio = ratioInterval(a, b, level);
  return { ...mannWhitney(a, b, alternative), ...ratio };
}

/** The same without the test, which takes most of the time. */
export function ratioInterval(
  a: readonly number[],
  b: readonly number[],
  level = 0.95,
): Ratio {
  const logA = logs(a);
  const logB = logs(b);
  const shifts = sorted(logA.flatMap((x) => logB.map((y) => x - y)));
  return {
    ratio: Math.exp(median(shifts)),
    interval: spread(shifts, mannWhitneyTail(a.length, b.length, (1 - level) / 2)),
  };
}

/**
 * Wilcoxon's signed ranks of differences: the sum of the ranks of the positive ones, zeros left
 * out, exact up to 60 differences.
 *
 * Wilcoxon, Biometrics Bulletin 1, 1945; ties and the approximation as in {@linkcode mannWhitney}.
 */
export function signedRank(
  differences: readonly number[],
  alternative: Alternative = "two-sided",
): RankTest {
  const used = differences.filter((difference) => difference !== 0);
  if (used.length === 0) return { statistic: 0, p: 1, method: "exact" };
  const ranks = doubledRanks(used.map(Math.abs));
  const sum = ranks.reduce((total, rank, i) => used[i]! > 0 ? total + rank : total, 0);
  const statistic = sum / 2;
  const n = used.length;
  if (n <= EXACT_UP_TO) {
    return { statistic, p: tails(subsetSums(ranks), sum, alternative), method: "exact" };
  }
  const variance = n * (n + 1) * (2 * n + 1) / 24 - tieTerm(ranks) / 48;
  const p = normalTails(statistic - n * (n + 1) / 4, variance, alternative);
  return { statistic, p, method: "normal" };
}

/**
 * The interval of the centre of symmetric differences, from their Walsh averages; null where they
 * are too few.
 *
 * Hollander, Wolfe and Chicken, 2014, sections 3.2 and 3.3 (Tukey's interval).
 */
export function signedRankInterval(differences: readonly number[], level = 0.95): Interval | null {
  const averages = sorted(
    differences.flatMap((x, i) => differences.slice(i).map((y) => (x + y) / 2)),
  );
  const rank = signedRankTail(differences.length, (1 - level) / 2);
  return rank === 0 ? null : [averages[rank - 1]!, averages[averages.length - rank]!];
}

/**
 * The sign test of differences; its statistic is the number of positive ones, zeros left out.
 *
 * Conover, "Practical Nonparametric Statistics", 3rd edition, 1999, section 3.4.
 */
export function signTest(
  differences: readonly number[],
  alternative: Alternative = "two-sided",
): RankTest {
  const positive = differences.filter((difference) => difference > 0).length;
  const n = differences.filter((difference) => difference !== 0).length;
  const less = binomialCdf(positive, n, 0.5);
  const greater = binomialCdf(n - positive, n, 0.5);
  return { statistic: positive, p: combine(less, greater, alternative), method: "exact" };
}

/**
 * How many times larger `a` is than the `b` measured beside it: the median of the paired log
 * ratios, with the sign test and the interval that belongs to it.
 *
 * @throws {RangeError} the samples differ in length, are empty, or have a value that is not positive
 */
export function pairedRatioTest(
  a: readonly number[],
  b: readonly number[],
  level = 0.95,
  alternative: Alternative = "two-sided",
): RatioTest {
  if (a.length !== b.length) {
    throw new RangeError(`Cannot pair ${a.length} values with ${b.length}`);
  }
  const logB = logs(b);
  const differences = logs(a).map((x, i) => x - logB[i]!);
  const interval = medianInterval(differences, level);
  return {
    ...signTest(differences, alternative),
    ratio: Math.exp(median(differences)),
    interval: interval && [Math.exp(interval[0]), Math.exp(interval[1])],
  };
}

function logs(values: readonly number[]): number[] {
  return values.map((value) => {
    if (!(value > 0)) throw new RangeError(`Cannot take the ratio of ${value}`);
    return Math.log(value);
  });
}

/** The `rank`-th log ratios from both ends, as ratios; null for rank 0. */
function spread(ascending: Float64Array, rank: number): Interval | null {
  if (rank === 0) return null;
  return [Math.exp(ascending[rank - 1]!), Math.exp(ascending[ascending.length - rank]!)];
}

/** The largest c with P(U < c) at most `tail`, without ties. */
function mannWhitneyTail(a: number, b: number, tail: number): number {
  const n = a + b;
  if (n > EXACT_UP_TO) {
    return normalRank(a * b / 2, a * b * (n + 1) / 12, tail);
  }
  const ranks = Array.from({ length: n }, (_, i) => 2 * (i + 1));
  return exactRank(subsetSums(ranks, a), a * (a + 1), tail);
}

/** The largest c with P(W < c) at most `tail`, without ties. */
function signedRankTail(n: number, tail: number): number {
  if (n > EXACT_UP_TO) {
    return normalRank(n * (n + 1) / 4, n * (n + 1) * (2 * n + 1) / 24, tail);
  }
  return exactRank(subsetSums(Array.from({ length: n }, (_, i) => 2 * (i + 1))), 0, tail);
}

function exactRank(probabilities: Float64Array, least: number, tail: number): number {
  let rank = 0;
  let below = probabilities[least]!;
  while (below <= tail) {
    rank++;
    below += probabilities[least + 2 * rank]!;
  }
  return rank;
}

function normalRank(mean: number, variance: number, tail: number): number {
  let rank = Math.max(0, Math.floor(mean - 10 * Math.sqrt(variance)));
  while (normalCdf((rank + 0.5 - mean) / Math.sqrt(variance)) <= tail) rank++;
  return rank;
}

/** Twice the mid-rank of each value, so that ties stay whole numbers. */
function doubledRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Array<number>(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let k = from; k < to; k++) ranks[order[k]!] = from + 1 + to;
  }
  return ranks;
}

/** Σ (t³ − t) over groups of t tied ranks. */
function tieTerm(ranks: readonly number[]): number {
  const groups = new Map<number, number>();
  for (const rank of ranks) groups.set(rank, (groups.get(rank) ?? 0) + 1);
  return [...groups.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
}

/** How likely each sum of a random subset of the weights is; of `size` weights, or of any number. */
function subsetSums(weights: readonly number[], size?: number): Float64Array {
  const total = weights.reduce((x, y) => x + y, 0);
  if (size === undefined) {
    const chances = new Float64Array(total + 1);
    chances[0] = 1;
    for (const weight of weights) {
      for (let sum = total; sum >= 0; sum--) {
        chances[sum] = (chances[sum]! + (sum >= weight ? chances[sum - weight]! : 0)) / 2;
      }
    }
    return chances;
  }
  const counts = Array.from({ length: size + 1 }, () => new Float64Array(total + 1));
  counts[0]![0] = 1;
  let reach = 0;
  weights.forEach((weight, used) => {
    reach += weight;
    for (let taken = Math.min(size, used + 1); taken >= 1; taken--) {
      const into = counts[taken]!;
      const from = counts[taken - 1]!;
      for (let sum = reach; sum >= weight; sum--) into[sum]! += from[sum - weight]!;
    }
  });
  const all = counts[size]!.reduce((x, y) => x + y, 0);
  return counts[size]!.map((count) => count / all);
}

function tails(probabilities: Float64Array, at: number, alternative: Alternative): number {
  let less = 0;
  let greater = 0;
  for (let sum = 0; sum <= at; sum++) less += probabilities[sum]!;
  for (let sum = at; sum < probabilities.length; sum++) greater += probabilities[sum]!;
  return combine(less, greater, alternative);
}

function normalTails(distance: number, variance: number, alternative: Alternative): number {
  if (variance === 0) return 1;
  const deviation = Math.sqrt(variance);
  const less = normalCdf((distance + 0.5) / deviation);
  const greater = normalCdf((-distance + 0.5) / deviation);
  return combine(less, greater, alternative);
}

function combine(less: number, greater: number, alternative: Alternative): number {
  if (alternative === "less") return Math.min(1, less);
  if (alternative === "greater") return Math.min(1, greater);
  return Math.min(1, 2 * Math.min(less, greater));
}
