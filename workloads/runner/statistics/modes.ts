/**
 * Whether values gather in more than one place.
 *
 * @module
 */
import { createRandom } from "../random.ts";
import { sorted } from "./order.ts";

export interface DipTest {
  /** How far the sample is from any distribution of one mode: 1/(2n) to 1/4. */
  dip: number;
  /** The share of uniform samples of this size with a dip as large; small where there are modes. */
  p: number;
}

const NULL_SAMPLES = 2_000;

/** Beyond this size √n × dip of uniform samples is taken as settled. */
const LARGEST_NULL = 500;

const uniformDips = new Map<number, Float64Array>();

/**
 * Hartigan's dip test of one mode against several.
 *
 * Hartigan and Hartigan, "The dip test of unimodality", Annals of Statistics 13, 1985. The null
 * distribution is drawn from uniform samples, their seed fixed, once a size.
 *
 * @throws {RangeError} no values
 */
export function dipTest(values: ArrayLike<number>): DipTest {
  const statistic = dip(values);
  const size = Math.min(values.length, LARGEST_NULL);
  const scaled = statistic * Math.sqrt(values.length / size);
  const larger = uniformDipsOf(size).filter((drawn) => drawn >= scaled - 1e-12).length;
  return { dip: statistic, p: (larger + 1) / (NULL_SAMPLES + 1) };
}

/**
 * The dip: the least greatest distance between the sample's distribution function and one that is
 * first convex, then concave.
 *
 * The interval in which the mode may lie is narrowed as in section 3 of the paper: where minorant
 * and majorant are furthest apart, the mode lies between; outside of it the function must be
 * convex or concave, and the distance to that is paid.
 *
 * @throws {RangeError} no values
 */
export function dip(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError("Cannot take the dip of no values");
  const { at, before, upTo } = steps(sorted(values));
  let low = 0;
  let high = at.length - 1;
  let paid = 1;
  while (low < high) {
    const minorant = hull(at, before, low, high, 1);
    const majorant = hull(at, upTo, low, high, -1);
    let widest = 0;
    let newLow = low;
    let newHigh = high;
    for (const touch of minorant) {
      const apart = height(at, upTo, majorant, touch) - before[touch]!;
      if (apart > widest) {
        [widest, newLow] = [apart, touch];
        newHigh = majorant.find((other) => other >= touch)!;
      }
    }
    for (const touch of majorant) {
      const apart = upTo[touch]! - height(at, before, minorant, touch);
      if (apart > widest) {
        [widest, newHigh] = [apart, touch];
        newLow = minorant.findLast((other) => other <= touch)!;
      }
    }
    if (widest <= paid) break;
    for (let i = low; i < newLow; i++) {
      paid = Math.max(paid, upTo[i]! - height(at, before, minorant, i));
    }
    for (let i = newHigh + 1; i <= high; i++) {
      paid = Math.max(paid, height(at, upTo, majorant, i) - before[i]!);
    }
    if (newLow === low && newHigh === high) break;
    [low, high] = [newLow, newHigh];
  }
  return paid / (2 * values.length);
}

/** The distinct values, and the number of values below and up to each. */
function steps(ascending: Float64Array) {
  const at: number[] = [];
  const before: number[] = [];
  const upTo: number[] = [];
  ascending.forEach((value, i) => {
    if (value !== at[at.length - 1]) {
      at.push(value);
      before.push(i);
      upTo.push(i + 1);
    } else upTo[upTo.length - 1] = i + 1;
  });
  return { at, before, upTo };
}

/** Corners of the greatest convex minorant (`sign` 1) or least concave majorant (−1) of the points. */
function hull(x: number[], y: number[], from: number, to: number, sign: 1 | -1): number[] {
  const corners: number[] = [];
  for (let i = from; i <= to; i++) {
    while (corners.length > 1) {
      const [a, b] = [corners[corners.length - 2]!, corners[corners.length - 1]!];
      const turn = (y[b]! - y[a]!) * (x[i]! - x[b]!) - (y[i]! - y[b]!) * (x[b]! - x[a]!);
      if (sign * turn < 0) break;
      corners.pop();
    }
    corners.push(i);
  }
  return corners;
}

/** Height at point `i` of the line through the corners. */
function height(x: number[], y: number[], corners: number[], i: number): number {
  let right = 0;
  while (corners[right]! < i) right++;
  const b = corners[right]!;
  if (b === i) return y[i]!;
  const a = corners[right - 1]!;
  return y[a]! + (y[b]! - y[a]!) * (x[i]! - x[a]!) / (x[b]! - x[a]!);
}

function uniformDipsOf(size: number): Float64Array {
  let dips = uniformDips.get(size);
  if (dips === undefined) {
    const random = createRandom(size);
    dips = Float64Array.from(
      { length: NULL_SAMPLES },
      () => dip(Float64Array.from({ length: size }, random.next)),
    );
    uniformDips.set(size, dips);
  }
  return dips;
}
