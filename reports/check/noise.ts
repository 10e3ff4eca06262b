/**
 * How much a cell moves from run to run although nothing has changed.
 *
 * @module
 */
import { median, studentQuantile } from "../../workloads/runner/statistics.ts";

/** A baseline of fewer runs says too little of how runs differ. */
export const ENOUGH_RUNS = 5;

/** Degrees of freedom that the spread common to all cells counts for. */
const PRIOR_DF = 4;

/** A new run lies this surely within its floor, when nothing has changed. */
const LEVEL = 0.95;

/** What one figure was in each run of a baseline. */
export interface Spread {
  readonly id: string;
  /** For each run that has it, the logarithms of its trials; one where only the run has a figure. */
  readonly runs: readonly (readonly number[])[];
}

/**
 * The ratio that one more run of an unchanged machine stays within, beside what its own trials make
 * uncertain, for each figure that two runs or more have.
 *
 * It is the prediction interval of a normal variable's next value. The variance is that between the
 * runs' medians, shrunk towards the median variance of all given figures, so that neither few runs
 * nor a lucky streak make a floor absurd; less what the spread of the trials within runs accounts
 * for, because the interval of a ratio has that already.
 *
 * @see Hahn and Meeker, "Statistical Intervals", 1991, section 4.7
 * @see Smyth, "Linear models and empirical Bayes methods", Statistical Applications in Genetics and
 * Molecular Biology 3, 2004
 *
 * @param level of each floor
 */
export function noiseFloors(spreads: readonly Spread[], level = LEVEL): Map<string, number> {
  const known = spreads.filter(({ runs }) => runs.length >= 2).map(({ id, runs }) => ({
    id,
    count: runs.length,
    between: variance(runs.map(median)),
    within: median(runs.map(varianceOfMedian)),
  }));
  if (known.length === 0) return new Map();
  const prior = median(known.map(({ between }) => between));
  return new Map(known.map(({ id, count, between, within }) => {
    const df = PRIOR_DF + count - 1;
    const shrunk = (PRIOR_DF * prior + (count - 1) * between) / df;
    const own = Math.max(0, shrunk - within);
    const reach = studentQuantile((1 + level) / 2, df) * Math.sqrt(own * (1 + 1 / count));
    return [id, Math.exp(reach)];
  }));
}

/** Of normal values, from their median distance to the median, which strays do not move. */
function varianceOfMedian(values: readonly number[]): number {
  const middle = median(values);
  const deviation = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
  return Math.PI / 2 * deviation ** 2 / values.length;
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
