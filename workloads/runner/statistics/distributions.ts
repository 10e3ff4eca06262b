/**
 * The few distribution functions that the tests and intervals here rest on.
 *
 * @module
 */
import { probit } from "simple-statistics";

const logFactorials = [0, 0];

/** log n!, summed once and kept. */
export function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i++) {
    logFactorials.push(logFactorials[i - 1]! + Math.log(i));
  }
  return logFactorials[n]!;
}

/** P(X ≤ k) of X ~ Binomial(n, p), by summing the terms of the smaller tail. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  if (p <= 0) return 1;
  if (p >= 1) return 0;
  return k < n * p ? binomialSum(0, k, n, p) : 1 - binomialSum(k + 1, n, n, p);
}

/** P(from ≤ X ≤ to) of X ~ Binomial(n, p), 0 < p < 1. */
export function binomialSum(from: number, to: number, n: number, p: number): number {
  const logOdds = [Math.log(p), Math.log1p(-p)] as const;
  let sum = 0;
  for (let x = from; x <= to; x++) {
    const choose = logFactorial(n) - logFactorial(x) - logFactorial(n - x);
    sum += Math.exp(choose + x * logOdds[0] + (n - x) * logOdds[1]);
  }
  return Math.min(1, sum);
}

/**
 * P(Z ≤ z) of the standard normal distribution, to about 1e-15.
 *
 * Taylor series of Marsaglia, "Evaluating the normal distribution", Journal of Statistical
 * Software 11 (4), 2004.
 */
export function normalCdf(z: number): number {
  if (z < -38) return 0;
  if (z < -6) return upperTail(-z);
  if (z > 6) return 1 - upperTail(z);
  let sum = z;
  let term = z;
  for (let before = NaN, i = 3; sum !== before; i += 2) {
    before = sum;
    term *= z * z / i;
    sum += term;
  }
  return 0.5 + sum * density(z);
}

/** The z below which a standard normal value lies with probability p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) {
    throw new RangeError(`Cannot take the normal quantile of ${p}: it lies between 0 and 1`);
  }
  let z = probit(p);
  for (let step = 0; step < 4; step++) z -= (normalCdf(z) - p) / density(z);
  return z;
}

function density(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** P(Z > z) for z > 6 by Laplace's continued fraction (Abramowitz and Stegun 26.2.14). */
function upperTail(z: number): number {
  let fraction = z;
  for (let k = 40; k >= 1; k--) fraction = z + k / fraction;
  return density(z) / fraction;
}
