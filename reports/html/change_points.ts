/**
 * Where a series of estimates steps to another level.
 *
 * @module
 */

export interface ChangePoint {
  /** Index of the first figure at the new level. */
  at: number;
  /** Median of the level before and of the level after. */
  before: number;
  after: number;
  /** Of the test of Pettitt, its published approximation. */
  p: number;
}

/** Steps are not looked for inside fewer figures than this on either side. */
const LEAST = 4;

/**
 * Finds steps by the test of Pettitt, applied again on both sides of each step it finds.
 *
 * The test is rank-based, so single stray runs do not make a step. A step has to reach `share` of the
 * level before it, and a probability below `alpha`.
 *
 * @see A. N. Pettitt, "A non-parametric approach to the change-point problem",
 * Applied Statistics 28 (1979), 126-135
 */
export function changePoints(
  values: readonly number[],
  { alpha = 0.001, share = 0.03 } = {},
): ChangePoint[] {
  const cuts: { at: number; p: number }[] = [];
  const search = (from: number, to: number) => {
    if (to - from < 2 * LEAST) return;
    const cut = pettitt(values.slice(from, to));
    if (cut.p >= alpha) return;
    const at = from + cut.at;
    const before = median(values.slice(from, at));
    if (Math.abs(median(values.slice(at, to)) / before - 1) < share) return;
    search(from, at);
    cuts.push({ at, p: cut.p });
    search(at, to);
  };
  search(0, values.length);
  return cuts.map(({ at, p }, index) => ({
    at,
    p,
    before: median(values.slice(cuts[index - 1]?.at ?? 0, at)),
    after: median(values.slice(at, cuts[index + 1]?.at ?? values.length)),
  }));
}

/** The split at which the ranks before and after differ most, and its probability without a step. */
function pettitt(values: readonly number[]): { at: number; p: number } {
  const length = values.length;
  const ranks = ranksOf(values);
  let sum = 0;
  let most = 0;
  let at = 0;
  for (let split = 1; split < length; split++) {
    sum += ranks[split - 1]!;
    const statistic = Math.abs(2 * sum - split * (length + 1));
    if (split < LEAST || length - split < LEAST || statistic <= most) continue;
    most = statistic;
    at = split;
  }
  return { at, p: Math.min(1, 2 * Math.exp(-6 * most ** 2 / (length ** 3 + length ** 2))) };
}

/** Ranks from 1, equal values sharing their mean rank. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let index = from; index < to; index++) ranks[order[index]!] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
