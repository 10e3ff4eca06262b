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
import type { Controls } from "../../workloads/runner/document.ts";
import { median } from "../../workloads/runner/statistics.ts";
import type { Cost } from "./sample.ts";

/** How figures follow a control. */
export interface OwnControl {
  readonly control: "syscallNs" | "spinNs";
  /** By how many per cent a figure rises when the control rises by one. */
  readonly slope: number;
}

export interface SetAgainst extends OwnControl {
  readonly baseline: readonly Cost[];
  readonly candidate: readonly Cost[];
}

const CONTROLS = ["syscallNs", "spinNs"] as const;
/** A line through fewer points says little. */
const FEWEST_POINTS = 12;
/** Where a control hardly moved there is nothing to take out. */
const LEAST_RANGE = Math.log(1.2);
/** What is left of the spread of the figures, at most, or the control tells too little of them. */
const MOST_LEFT = 0.7;
const SLOPES = { least: 0.2, most: 1.5 };
/** A residual beyond so many robust standard deviations does not draw the line. */
const STRAY = 3;
/** A control this far outside of what the baseline saw is not spoken for by its line. */
const MARGIN = Math.log(1.05);

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Sets the trials of both sides against their own controls; null where those tell too little. */
export function setAgainstOwnControl(
  baseline: readonly Cost[],
  candidate: readonly Cost[],
): SetAgainst | null {
  const lines = CONTROLS.flatMap((control) => {
    const points = baseline.flatMap((cost) => pointOf(cost, control) ?? []);
    const line = points.length === baseline.length ? lineThrough(points) : null;
    return line ? [{ control, ...line }] : [];
  });
  const best = lines.sort((a, b) => a.left - b.left)[0];
  if (!best) return null;
  const { control, slope, centre, range: [low, high] } = best;
  const adjusted = (costs: readonly Cost[]) =>
    costs.flatMap((cost) => {
      const x = pointOf(cost, control)?.x ?? NaN;
      if (!(x > low - MARGIN && x < high + MARGIN)) return [];
      return [{ ...cost, cost: cost.cost * Math.exp(slope * (centre - x)) }];
    });
  return { control, slope, baseline: adjusted(baseline), candidate: adjusted(candidate) };
}

function pointOf({ cost, trial }: Cost, control: keyof Controls): Point | null {
  const reading = trial.controls?.[control];
  return reading ? { x: Math.log(reading[0] * reading[1]) / 2, y: Math.log(cost) } : null;
}

/** The line that the points follow, strays aside; null where they follow none. */
function lineThrough(points: readonly Point[]) {
  if (points.length < FEWEST_POINTS) return null;
  const xs = points.map(({ x }) => x);
  const range = [Math.min(...xs), Math.max(...xs)] as const;
  if (range[1] - range[0] < LEAST_RANGE) return null;
  const first = leastSquares(points);
  const rest = residuals(points, first);
  const reach = STRAY * spreadOf(rest);
  const middle = median(rest);
  const kept = points.filter((_, at) => Math.abs(rest[at]! - middle) <= reach);
  if (kept.length < FEWEST_POINTS) return null;
  const slope = Math.min(SLOPES.most, leastSquares(kept));
  const left = spreadOf(residuals(points, slope)) / spreadOf(points.map(({ y }) => y));
  if (!(slope >= SLOPES.least) || !(left <= MOST_LEFT)) return null;
  return { slope, left, centre: median(xs), range };
}

function leastSquares(points: readonly Point[]): number {
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const xx = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const xy = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return xy / xx;
}

function residuals(points: readonly Point[], slope: number): number[] {
  return points.map(({ x, y }) => y - slope * x);
}

/** A robust standard deviation. */
function spreadOf(values: readonly number[]): number {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}
