/**
 * Many tests at once: p-values adjusted so that each may be held against the same level.
 *
 * @module
 */

/**
 * Holm's step-down adjustment, which bounds the chance of any false alarm among all.
 *
 * Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
 * Statistics 6, 1979.
 */
export function holm(p: readonly number[]): number[] {
  const order = ascendingOrder(p);
  const adjusted = new Array<number>(p.length);
  let least = 0;
  order.forEach((index, i) => {
    least = Math.max(least, Math.min(1, (p.length - i) * p[index]!));
    adjusted[index] = least;
  });
  return adjusted;
}

/**
 * Benjamini and Hochberg's step-up adjustment, which bounds the expected share of false alarms.
 *
 * Benjamini and Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical
 * Society B 57, 1995.
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const order = ascendingOrder(p);
  const adjusted = new Array<number>(p.length);
  let most = 1;
  for (let i = order.length - 1; i >= 0; i--) {
    const index = order[i]!;
    most = Math.min(most, p.length / (i + 1) * p[index]!);
    adjusted[index] = most;
  }
  return adjusted;
}

function ascendingOrder(p: readonly number[]): number[] {
  for (const value of p) {
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(`Cannot adjust ${value}: a p-value lies between 0 and 1`);
    }
  }
  return p.map((_, i) => i).sort((i, j) => p[i]! - p[j]!);
}
