/**
 * Student's t distribution, for intervals of what the next value will be.
 *
 * @module
 */

/**
 * P(T ≤ t) with a whole number of degrees of freedom, by the finite sums of Abramowitz and Stegun,
 * "Handbook of Mathematical Functions", 26.7.3 and 26.7.4.
 *
 * @throws {RangeError} the degrees of freedom are not a whole number from 1
 */
export function studentCdf(t: number, df: number): number {
  if (!(Number.isInteger(df) && df >= 1)) {
    throw new RangeError(`Cannot take ${df} degrees of freedom: it takes a whole number from 1`);
  }
  const angle = Math.atan(t / Math.sqrt(df));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = df % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = odd ? 2 : 1; k <= df - 3; k += 2) {
    term *= k / (k + 1) * cosine * cosine;
    sum += term;
  }
  const central = odd ? 2 / Math.PI * (angle + sine * sum) : sine * sum;
  return (1 + central) / 2;
}

/** The t below which a value lies with probability p, 0 < p < 1; found by bisection. */
export function studentQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) {
    throw new RangeError(`Cannot take the quantile of ${p}: it lies between 0 and 1`);
  }
  if (p < 0.5) return -studentQuantile(1 - p, df);
  let [low, high] = [0, 1];
  while (studentCdf(high, df) < p) high *= 2;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, df) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
