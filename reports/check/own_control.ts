/**
 * Each trial set against its own control: what the machine did just then, on the trial's CPUs, is
 * taken out of its figure, as far as the baseline shows how the two go together. Where a machine
 * changes its state every few seconds, trials of one state are few, and the states are finer than
 * can be told apart; this compares all of them.
 *
 * It is an analysis of covariance on logarithms: Fisher, "Statistical Methods for Research Workers",
 * 4th edition, 1932, section 49.1. On a host that changed its state from trial to trial, the
 * medians of five unchanged runs of a pipe's round trip were 12.5 % apart as they were (one standard
 * deviation), 10 % within the commonest state, and 1.6 % set against the system call of each
 * trial; those of a spin channel 44 %, and 7 % against its spin exchange.
 *
 * @module
 */
import { median } from "../../workloads/runner/statistics.ts";
import type { Cost } from "./sample.ts";

/** How figures follow a control. */
export interface OwnControl {
  readonly control: typeof CONTROLS[number];
  /** By how many per cent a figure rises when the control rises by one. */
  readonly slope: number;
}

export interface SetAgainst {
  readonly own: readonly OwnControl[];
  readonly baseline: readonly Cost[];
  readonly candidate: readonly Cost[];
}

const CONTROLS = ["syscallNs", "spinNs"] as const;
/** A line through fewer points says little. */
const FEWEST_POINTS = 12;
/** Where a control hardly moved there is nothing to take out. */
const LEAST_RANGE = Math.log(1.2);
/** What is left of the spread of the figures, at most, or the controls tell too little of them. */
const MOST_LEFT = 0.7;
/** Two controls are only taken for one where they leave less than this share of what one leaves. */
const WORTH_ANOTHER = 0.9;
const SLOPES = { least: 0.2, most: 1.5 };
/** A residual beyond so many robust standard deviations does not draw the line. */
const STRAY = 3;
/** A line speaks for a trial where so many that drew it had controls as near as this. */
const FEWEST_NEAR = 3;
const NEAR = Math.log(1.15);

/** A trial's controls, in the order of `CONTROLS`, and its figure, all as logarithms. */
interface Point {
  readonly xs: readonly number[];
  readonly y: number;
}

interface Line {
  /** Of each control; 0 for one that is not used. */
  readonly slopes: readonly number[];
  /** Which part of the figures' spread is left. */
  readonly left: number;
  /** The trials that drew it. */
  readonly kept: readonly Point[];
}

/** Sets the trials of both sides against their own controls; null where those tell too little. */
export function setAgainstOwnControl(
  baseline: readonly Cost[],
  candidate: readonly Cost[],
): SetAgainst | null {
  if (baseline.length < FEWEST_POINTS) return null;
  const points = baseline.map(pointOf);
  const columns = CONTROLS.map((_, at) => points.map(({ xs }) => xs[at]!));
  const moving = CONTROLS.keys().filter((at) =>
    Math.max(...columns[at]!) - Math.min(...columns[at]!) >= LEAST_RANGE
  );
  const line = bestLine(points, [...moving]);
  if (line === null) return null;
  const centres = columns.map(median);
  const spokenFor = (xs: readonly number[]) =>
    line.kept.filter((each) =>
      // Not greater, so that a control that neither trial has is near.
      xs.every((x, at) => !(Math.abs(x - each.xs[at]!) > NEAR))
    ).length >= FEWEST_NEAR;
  const adjusted = (costs: readonly Cost[]) =>
    costs.flatMap((cost) => {
      const { xs } = pointOf(cost);
      if (!spokenFor(xs)) return [];
      const taken = line.slopes.map((slope, at) => slope && slope * (xs[at]! - centres[at]!));
      return [{ ...cost, cost: cost.cost * Math.exp(-sum(taken)) }];
    });
  const own = CONTROLS.map((control, at) => ({ control, slope: line.slopes[at]! }))
    .filter(({ slope }) => slope > 0);
  return { own, baseline: adjusted(baseline), candidate: adjusted(candidate) };
}

/** A control that the trial has not is not a number. */
function pointOf({ cost, trial }: Cost): Point {
  const xs = CONTROLS.map((control) => {
    const reading = trial.controls?.[control];
    return reading ? Math.log(reading[0] * reading[1]) / 2 : NaN;
  });
  return { xs, y: Math.log(cost) };
}

/** Through one of the controls, or both where that is worth it; null where none tells enough. */
function bestLine(points: readonly Point[], moving: readonly number[]): Line | null {
  const single = moving.map((at) => lineThrough(points, [at])).filter((line) => line !== null)
    .sort((a, b) => a.left - b.left)[0] ?? null;
  const both = moving.length > 1 ? lineThrough(points, moving) : null;
  return both && both.left < WORTH_ANOTHER * (single?.left ?? 1) ? both : single;
}

/** The line that the points follow, strays aside; null where they follow none. */
function lineThrough(points: readonly Point[], used: readonly number[]): Line | null {
  const rest = residuals(points, leastSquares(points, used));
  const reach = STRAY * spreadOf(rest);
  const middle = median(rest);
  const kept = points.filter((_, at) => Math.abs(rest[at]! - middle) <= reach);
  if (kept.length < FEWEST_POINTS) return null;
  const slopes = leastSquares(kept, used).map((slope) => Math.min(SLOPES.most, slope));
  if (!used.every((at) => slopes[at]! >= SLOPES.least)) return null;
  const left = spreadOf(residuals(points, slopes)) / spreadOf(points.map(({ y }) => y));
  return left <= MOST_LEFT ? { slopes, left, kept } : null;
}

/** Slopes on one control or two, by the normal equations; 0 for one that is not used. */
function leastSquares(points: readonly Point[], used: readonly number[]): number[] {
  const centred = (of: (point: Point) => number) => {
    const values = points.map(of);
    const mean = sum(values) / values.length;
    return values.map((value) => value - mean);
  };
  const times = (a: readonly number[], b: readonly number[]) => sum(a.map((x, at) => x * b[at]!));
  const y = centred((point) => point.y);
  const [first, second] = used.map((at) => centred(({ xs }) => xs[at]!));
  const slopes = CONTROLS.map(() => 0);
  const [aa, ay] = [times(first!, first!), times(first!, y)];
  if (second === undefined) {
    slopes[used[0]!] = ay / aa;
    return slopes;
  }
  const [ab, bb, by] = [times(first!, second), times(second, second), times(second, y)];
  const determinant = aa * bb - ab * ab;
  slopes[used[0]!] = (ay * bb - by * ab) / determinant;
  slopes[used[1]!] = (by * aa - ay * ab) / determinant;
  return slopes;
}

function residuals(points: readonly Point[], slopes: readonly number[]): number[] {
  return points.map(({ xs, y }) => y - sum(slopes.map((slope, at) => slope && slope * xs[at]!)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A robust standard deviation. */
function spreadOf(values: readonly number[]): number {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}
