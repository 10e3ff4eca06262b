/**
 * What sorted values say: median, quantiles, outliers.
 *
 * @module
 */
import { median as middle } from "simple-statistics";

/**
 * The middle value; of an even number, the mean of the two middle ones.
 *
 * @throws {RangeError} no values
 */
export function median(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError("Cannot take the median of no values");
  return middle(Array.from(values));
}

/**
 * The quantile of type 7, linear between the order statistics: R's default and NumPy's. Values may
 * be infinite, not NaN.
 *
 * Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50, 1996.
 *
 * @param p 0 to 1
 * @throws {RangeError} no values, or p outside 0 to 1
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(sorted(values), p);
}

/** {@linkcode quantile} of values that are in ascending order already. */
export function quantileOfSorted(ascending: ArrayLike<number>, p: number): number {
  if (ascending.length === 0) throw new RangeError("Cannot take a quantile of no values");
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`Cannot take the quantile ${p}: it lies between 0 and 1`);
  }
  const place = (ascending.length - 1) * p;
  const below = Math.floor(place);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  const share = place - below;
  // There is no line to a value that is infinite: the nearer of the two then.
  if (!Number.isFinite(high - low)) return share < 0.5 ? low : high;
  return low + share * (high - low);
}

export type Outlier = "inside" | "outside" | "far out";

/**
 * Labels each value by Tukey's fences: `outside` lies more than 1.5, `far out` more than 3 times
 * the interquartile range beyond the quartiles. Values are labelled, never dropped.
 *
 * Tukey, "Exploratory Data Analysis", 1977, chapter 2; the quartiles are of type 7.
 */
export function outliers(values: ArrayLike<number>): Outlier[] {
  if (values.length === 0) return [];
  const ascending = sorted(values);
  const lower = quantileOfSorted(ascending, 0.25);
  const upper = quantileOfSorted(ascending, 0.75);
  const range = upper - lower;
  return Array.from(values, (value) => {
    const beyond = Math.max(lower - value, value - upper);
    return beyond > 3 * range ? "far out" : beyond > 1.5 * range ? "outside" : "inside";
  });
}

/** A copy in ascending order. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}
