/**
 * How sure an estimate over trials is.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { binomialCdf, binomialSum } from "./distributions.ts";
import { median, quantileOfSorted, sorted } from "./order.ts";

export type Interval = [low: number, high: number];

/** An estimate over trials, its interval, and how the interval came about. */
export interface Estimate {
  estimate: number;
  interval: Interval;
  /**
   * `none`: too few trials for any method, and the interval is their range only.
   */
  method: "order-statistics" | "bootstrap" | "none";
  /** The probability with which the interval covers; nominal for the bootstrap of a ratio. */
  level: number;
}

/** What one trial moved, and in which time. */
export interface Rate {
  amount: number;
  seconds: number;
}

/** Efron and Tibshirani ask for 1,000 resamples or more for an interval. */
const RESAMPLES = 1_999;

/** Below this a bootstrap knows too few different resamples: of 4 values the range covers 87.5 %. */
const LEAST_FOR_BOOTSTRAP = 5;

/**
 * The median of the trials, with exact order statistics where they reach 95 % (6 trials), the
 * bootstrap for 5, and the bare range for fewer.
 *
 * @throws {RangeError} no values
 */
export function estimateInterval(values: readonly number[], random: Random): Estimate {
  const estimate = median(values);
  const rank = medianIntervalRank(values.length);
  if (rank !== null) {
    const interval = medianInterval(values)!;
    const level = medianCoverage(values.length, rank);
    return { estimate, interval, method: "order-statistics", level };
  }
  const range = medianCoverage(values.length, 1);
  if (values.length < LEAST_FOR_BOOTSTRAP) {
    const ascending = sorted(values);
    const interval: Interval = [ascending[0]!, ascending[ascending.length - 1]!];
    return { estimate, interval, method: "none", level: range };
  }
  const interval = around(estimate, bootstrapInterval(values, median, random));
  return { estimate, interval, method: "bootstrap", level: range };
}

/**
 * Total over total of the trials, with the studentised bootstrap from 5 trials on.
 *
 * @throws {RangeError} no trials, or an amount or a time that is not positive
 */
export function estimateRate(
  trials: readonly Rate[],
  random: Random,
  resamples = RESAMPLES,
): Estimate {
  const estimate = rateOf(trials);
  if (trials.length < LEAST_FOR_BOOTSTRAP) {
    return { estimate, interval: around(estimate, rangeOf(trials)), method: "none", level: 0 };
  }
  const interval = rateInterval(trials, random, 0.95, resamples);
  return { estimate, interval, method: "bootstrap", level: 0.95 };
}

/**
 * The interval between two order statistics that covers the median of any continuous
 * distribution with at least `level`; null where no two do (95 % needs 6 values).
 *
 * Conover, "Practical Nonparametric Statistics", 3rd edition, 1999, section 3.2.
 */
export function medianInterval(values: ArrayLike<number>, level = 0.95): Interval | null {
  const rank = medianIntervalRank(values.length, level);
  if (rank === null) return null;
  const ascending = sorted(values);
  return [ascending[rank - 1]!, ascending[values.length - rank]!];
}

/** How far from either end, from 1, the two values of {@linkcode medianInterval} stand. */
export function medianIntervalRank(n: number, level = 0.95): number | null {
  let rank = 0;
  // The probability of fewer values below the median than `rank`, one term more for each.
  let below = 0;
  while (2 * (rank + 1) <= n) {
    below += binomialSum(rank, rank, n, 0.5);
    if (1 - 2 * below < level) break;
    rank++;
  }
  return rank === 0 ? null : rank;
}

/** The probability that the `rank`-th values from below and from above enclose the median. */
export function medianCoverage(n: number, rank: number): number {
  return 1 - 2 * binomialCdf(rank - 1, n, 0.5);
}

/**
 * The percentile interval of the bootstrap, for any statistic.
 *
 * Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13. Right for medians;
 * for means and ratios of few values it covers too little, take {@linkcode rateInterval}.
 */
export function bootstrapInterval<T>(
  values: readonly T[],
  statistic: (sample: readonly T[]) => number,
  random: Random,
  level = 0.95,
  resamples = RESAMPLES,
): Interval {
  const drawn = bootstrap(values, statistic, random, resamples).sort();
  const tail = (1 - level) / 2;
  return [quantileOfSorted(drawn, tail), quantileOfSorted(drawn, 1 - tail)];
}

/**
 * The interval of total over total: the studentised bootstrap of its logarithm, the standard error
 * by linearisation. It reaches no further than the trials do: a resample that has one value again and
 * again has next to no error to divide by.
 *
 * Davison and Hinkley, "Bootstrap Methods and their Application", 1997, sections 2.4 and 5.2.1. Of
 * 10 trials with log-normal times (sigma 0.5) it covers 94 %, where percentiles cover 88 %. That it
 * ends with the trials takes nothing from that, and of 6 trials 1 %.
 *
 * @throws {RangeError} no trials, or an amount or a time that is not positive
 */
export function rateInterval(
  trials: readonly Rate[],
  random: Random,
  level = 0.95,
  resamples = RESAMPLES,
): Interval {
  const rate = rateOf(trials);
  const centre = Math.log(rate);
  const error = logRateError(trials);
  if (error === 0) return [rate, rate];
  const distances = bootstrap(
    trials,
    (sample) => {
      const distance = Math.log(rateOf(sample)) - centre;
      // Infinite for a sample of trials that agree: it has no error to divide by.
      return distance === 0 ? 0 : distance / logRateError(sample);
    },
    random,
    resamples,
  ).sort();
  const tail = (1 - level) / 2;
  const [slowest, fastest] = rangeOf(trials);
  return around(rate, [
    Math.max(slowest, Math.exp(centre - error * quantileOfSorted(distances, 1 - tail))),
    Math.min(fastest, Math.exp(centre - error * quantileOfSorted(distances, tail))),
  ]);
}

/** The interval with the estimate in it, which rounding may leave just outside. */
function around(estimate: number, [low, high]: Interval): Interval {
  return [Math.min(low, estimate), Math.max(high, estimate)];
}

/** The rates of the slowest and of the fastest trial. */
function rangeOf(trials: readonly Rate[]): Interval {
  const rates = sorted(trials.map(({ amount, seconds }) => amount / seconds));
  return [rates[0]!, rates[rates.length - 1]!];
}

/**
 * The exact interval of a proportion, `successes` of `n`.
 *
 * Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the
 * binomial", Biometrika 26, 1934; its ends are found by bisection of the binomial tails.
 *
 * @throws {RangeError} not 0 ≤ successes ≤ n in whole numbers, or n < 1
 */
export function binomialInterval(successes: number, n: number, level = 0.95): Interval {
  if (
    !(Number.isInteger(n) && n >= 1 && Number.isInteger(successes) && successes >= 0) ||
    successes > n
  ) {
    throw new RangeError(`Cannot take the interval of ${successes} of ${n}`);
  }
  const tail = (1 - level) / 2;
  return [
    successes === 0 ? 0 : bisect((p) => binomialSum(successes, n, n, p) < tail),
    successes === n ? 1 : bisect((p) => binomialSum(0, successes, n, p) > tail),
  ];
}

/** The p up to which `holds`, between 0 and 1. */
function bisect(holds: (p: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function rateOf(trials: readonly Rate[]): number {
  let amounts = 0;
  let seconds = 0;
  for (const trial of trials) {
    if (!(trial.amount > 0 && trial.seconds > 0)) {
      throw new RangeError(`Cannot take a rate of ${trial.amount} in ${trial.seconds} s`);
    }
    amounts += trial.amount;
    seconds += trial.seconds;
  }
  if (trials.length === 0) throw new RangeError("Cannot take the rate of no trials");
  return amounts / seconds;
}

function logRateError(trials: readonly Rate[]): number {
  const rate = rateOf(trials);
  let amounts = 0;
  let squares = 0;
  for (const { amount, seconds } of trials) {
    amounts += amount;
    squares += (amount - rate * seconds) ** 2;
  }
  return Math.sqrt(squares) / amounts;
}

/** The statistic of `resamples` samples drawn with replacement, in the order drawn. */
function bootstrap<T>(
  values: readonly T[],
  statistic: (sample: readonly T[]) => number,
  random: Random,
  resamples: number,
): Float64Array {
  const sample = values.slice();
  const drawn = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    for (let j = 0; j < sample.length; j++) sample[j] = values[random.integer(values.length)]!;
    drawn[i] = statistic(sample);
  }
  return drawn;
}
