/**
 * Values in the order in which they were measured: drift, and the places where they change.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { normalCdf } from "./distributions.ts";
import { median } from "./order.ts";

export interface Drift {
  /** Pairs that rise less pairs that fall. */
  statistic: number;
  p: number;
  method: "exact" | "normal";
  /** Change from the first to the last value along the median slope, in the unit of the values. */
  change: number;
}

/** Up to this many values without ties the null distribution is enumerated. */
const EXACT_UP_TO = 60;

/**
 * Mann–Kendall test of a trend over order, two-sided, with Sen's median slope for its size.
 *
 * Mann, Econometrica 13, 1945; Kendall, "Rank Correlation Methods", 4th edition, 1975 (exact
 * without ties; else normal, corrected for ties and continuity); Sen, Journal of the American
 * Statistical Association 63, 1968.
 */
export function drift(values: readonly number[]): Drift {
  const n = values.length;
  if (n < 2) return { statistic: 0, p: 1, method: "exact", change: 0 };
  const slopes: number[] = [];
  let statistic = 0;
  for (let j = 1; j < n; j++) {
    for (let i = 0; i < j; i++) {
      const rise = values[j]! - values[i]!;
      statistic += Math.sign(rise);
      slopes.push(rise / (j - i));
    }
  }
  const change = median(slopes) * (n - 1);
  const groups = new Map<number, number>();
  for (const value of values) groups.set(value, (groups.get(value) ?? 0) + 1);
  if (groups.size === n && n <= EXACT_UP_TO) {
    return { statistic, p: kendallP(n, Math.abs(statistic)), method: "exact", change };
  }
  const term = (t: number) => t * (t - 1) * (2 * t + 5) / 18;
  let variance = term(n);
  for (const t of groups.values()) variance -= term(t);
  const distance = Math.max(0, Math.abs(statistic) - 1);
  const p = variance === 0 ? 1 : Math.min(1, 2 * normalCdf(-distance / Math.sqrt(variance)));
  return { statistic, p, method: "normal", change };
}

/** P(|S| ≥ s) over all orders of n different values, by counting inversions. */
function kendallP(n: number, s: number): number {
  const pairs = n * (n - 1) / 2;
  let chances = new Float64Array(pairs + 1);
  chances[0] = 1;
  for (let size = 2; size <= n; size++) {
    const next = new Float64Array(pairs + 1);
    let window = 0;
    for (let inversions = 0; inversions <= pairs; inversions++) {
      window += chances[inversions]!;
      if (inversions >= size) window -= chances[inversions - size]!;
      next[inversions] = window / size;
    }
    chances = next;
  }
  let tail = 0;
  for (let inversions = 0; inversions <= (pairs - s) / 2; inversions++) {
    tail += chances[inversions]!;
  }
  return Math.min(1, 2 * tail);
}

export interface ChangePoint {
  /** Index of the first value after the change. */
  index: number;
  p: number;
  /** Medians of the stretches on both sides, up to the neighbouring changes or the ends. */
  before: number;
  after: number;
}

export interface ChangePointOptions {
  /** A change whose p is larger ends the search. @default 0.05 */
  level?: number;
  /** Shortest stretch between two changes, at least 2 values. @default 5 */
  shortest?: number;
  /** Permutations that a change is held against. @default 199 */
  permutations?: number;
}

/**
 * The places where the distribution of a series changes, in order: E-divisive, exponent 1.
 *
 * Matteson and James, "A nonparametric approach for multiple change point analysis of multivariate
 * data", Journal of the American Statistical Association 109, 2014; for benchmarks first used by
 * Daly and others, ICPE 2020. Each place is found anew between its neighbours at the end, as in Bai,
 * "Estimating multiple breaks one at a time", Econometric Theory 13, 1997. Time goes with
 * n log n of the length times the permutations.
 *
 * @throws {RangeError} `shortest` is below 2
 */
export function changePoints(
  values: readonly number[],
  random: Random,
  options: ChangePointOptions = {},
): ChangePoint[] {
  const { level = 0.05, shortest = 5, permutations = 199 } = options;
  if (!(shortest >= 2)) throw new RangeError(`Cannot split off ${shortest} values: 2 is the least`);
  const found: { index: number; p: number }[] = [];
  const cut = () => [0, ...found.map(({ index }) => index), values.length];
  for (;;) {
    const segments = pieces(values, cut()).map(stretchOf);
    const best = bestSplit(segments, shortest);
    if (best === null) break;
    let p = 1 / (permutations + 1);
    // Once p is too large, no further permutation makes it smaller.
    for (let i = 0; i < permutations && p <= level; i++) {
      for (const { ranks } of segments) random.shuffle(ranks);
      const { gain } = bestSplit(segments, shortest)!;
      if (gain >= best.gain - ROUNDING * Math.abs(best.gain)) p += 1 / (permutations + 1);
    }
    if (p > level) break;
    found.splice(best.segment, 0, { index: cut()[best.segment]! + best.at, p });
  }
  for (let i = 0; i < found.length; i++) {
    const [from, , to] = cut().slice(i);
    found[i]!.index = from! + bestSplit([stretchOf(values.slice(from, to))], shortest)!.at;
  }
  const segments = pieces(values, cut());
  return found.map(({ index, p }, i) => ({
    index,
    p,
    before: median(segments[i]!),
    after: median(segments[i + 1]!),
  }));
}

function pieces(values: readonly number[], cuts: readonly number[]): number[][] {
  return cuts.slice(1).map((to, i) => values.slice(cuts[i], to));
}

/** Splits that are as good differ by this share at most, for the order of their sums. */
const ROUNDING = 1e-9;

/** A stretch of a series, ready for its values to be put into any order. */
interface Stretch {
  sorted: Float64Array;
  /** Of each value, how many are less: its place in `sorted`. */
  ranks: number[];
  /** Sum of distances to all values, by rank. */
  distances: Float64Array;
}

function stretchOf(values: readonly number[]): Stretch {
  const sorted = Float64Array.from(values).sort();
  const places = new Map<number, number>();
  sorted.forEach((value, at) => places.has(value) || places.set(value, at));
  const distances = new Float64Array(sorted.length);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  let below = 0;
  sorted.forEach((value, at) => {
    distances[at] = value * (2 * at - sorted.length) + total - 2 * below;
    below += value;
  });
  return { sorted, ranks: values.map((value) => places.get(value)!), distances };
}

/** Where a split sets two stretches furthest apart in energy distance; null where none is allowed. */
function bestSplit(stretches: readonly Stretch[], shortest: number) {
  let best: { segment: number; at: number; gain: number } | null = null;
  stretches.forEach(({ sorted, ranks, distances }, segment) => {
    const n = ranks.length;
    if (n < 2 * shortest) return;
    const moved = new Distances(n);
    let left = 0;
    let right = ranks.reduce((sum, rank) => sum + distances[rank]!, 0) / 2;
    let between = 0;
    for (let at = 1; at <= n - shortest; at++) {
      const rank = ranks[at - 1]!;
      const value = sorted[rank]!;
      const toLeft = moved.from(value, rank);
      const toRight = distances[rank]! - toLeft;
      moved.add(value, rank);
      left += toLeft;
      right -= toRight;
      between += toRight - toLeft;
      if (at < shortest) continue;
      const rest = n - at;
      const energy = 2 * between / (at * rest) - left / (at * (at - 1) / 2) -
        right / (rest * (rest - 1) / 2);
      const gain = at * rest / n * energy;
      if (best === null || gain > best.gain) best = { segment, at, gain };
    }
  });
  return best as { segment: number; at: number; gain: number } | null;
}

/**
 * The sum of distances from a value to all that were added, in logarithmic time: a tree of partial
 * sums (Fenwick, Software: Practice and Experience 24, 1994) over the ranks of the values.
 */
class Distances {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  count = 0;
  sum = 0;

  constructor(ranks: number) {
    this.counts = new Float64Array(ranks + 1);
    this.sums = new Float64Array(ranks + 1);
  }

  add(value: number, rank: number): void {
    this.count++;
    this.sum += value;
    for (let at = rank + 1; at < this.counts.length; at += at & -at) {
      this.counts[at]! += 1;
      this.sums[at]! += value;
    }
  }

  from(value: number, rank: number): number {
    let count = 0;
    let sum = 0;
    for (let at = rank; at > 0; at -= at & -at) {
      count += this.counts[at]!;
      sum += this.sums[at]!;
    }
    return value * (2 * count - this.count) + this.sum - 2 * sum;
  }
}
