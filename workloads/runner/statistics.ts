/**
 * The statistics of the suite: what estimates, intervals, checks and trends rest on.
 *
 * Everything is a pure function of its arguments; what draws random numbers takes the generator.
 *
 * @module
 *
 * @example Estimate a cell from the figures of its trials
 * ```ts
 * import { createRandom } from "./random.ts";
 * import { estimateInterval } from "./statistics.ts";
 *
 * const { estimate, interval, method } = estimateInterval([4, 5, 5, 6, 7, 9], createRandom(1));
 * console.assert(estimate === 5.5 && interval[0] === 4 && interval[1] === 9);
 * console.assert(method === "order-statistics");
 * ```
 */
export { benjaminiHochberg, holm } from "./statistics/adjust.ts";
export {
  binomialInterval,
  bootstrapInterval,
  type Estimate,
  estimateInterval,
  estimateRate,
  type Interval,
  medianCoverage,
  medianInterval,
  medianIntervalRank,
  type Rate,
  rateInterval,
} from "./statistics/intervals.ts";
export { dip, type DipTest, dipTest } from "./statistics/modes.ts";
export {
  median,
  type Outlier,
  outliers,
  quantile,
  quantileOfSorted,
  sorted,
} from "./statistics/order.ts";
export {
  type Alternative,
  mannWhitney,
  mannWhitneyLeastP,
  pairedRatioTest,
  type RankTest,
  type Ratio,
  ratioInterval,
  type RatioTest,
  ratioTest,
  signedRank,
  signedRankInterval,
  signTest,
} from "./statistics/rank_tests.ts";
export {
  type ChangePoint,
  type ChangePointOptions,
  changePoints,
  type Drift,
  drift,
} from "./statistics/series.ts";
export { studentCdf, studentQuantile } from "./statistics/student.ts";
