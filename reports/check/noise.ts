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
const LEVEL = 0.99;

/** What one figure was in each run of a baseline. */
export interface Spread {
  readonly id: string;
  /** The logarithm of its figure, one for each run that has it. */
  readonly logs: readonly number[];
}

/**
 * The ratio that one more run of an unchanged machine stays within, for each figure that two runs
 * or more have.
 *
 * It is the prediction interval of a normal variable's next value, its variance shrunk towards the
 * median variance of all given figures, so that neither few runs nor a lucky streak make a floor
 * absurd.
 *
 * @see Hahn and Meeker, "Statistical Intervals", 1991, section 4.7
 * @see Smyth, "Linear models and empirical Bayes methods", Statistical Applications in Genetics and
 * Molecular Biology 3, 2004
 *
 * @param level of each floor
 */
export function noiseFloors(spreads: readonly Spread[], level = LEVEL): Map<string, number> {
  const known = spreads.filter(({ logs }) => logs.length >= 2)
    .map(({ id, logs }) => ({ id, runs: logs.length, variance: variance(logs) }));
  if (known.length === 0) return new Map();
  const prior = median(known.map((each) => each.variance));
  return new Map(known.map(({ id, runs, variance }) => {
    const df = PRIOR_DF + runs - 1;
    const shrunk = (PRIOR_DF * prior + (runs - 1) * variance) / df;
    const reach = studentQuantile((1 + level) / 2, df) * Math.sqrt(shrunk * (1 + 1 / runs));
    return [id, Math.exp(reach)];
  }));
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
