/**
 * The knee of a curve of time against message size: where the price of a message stops being that of
 * the call and becomes that of its bytes.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../workloads/runner/document.ts";

/** One point of a curve. */
export interface Point {
  readonly sizeBytes: number;
  readonly ns: number;
}

/** Slopes are those of the logarithms: 0 where size does not matter, 1 where time grows with it. */
export interface Knee {
  readonly sizeBytes: number;
  readonly slopeBefore: number;
  readonly slopeAfter: number;
}

/** The knee of one facility's round trip, all other dimensions being equal. */
export interface FacilityKnee {
  readonly facility: string;
  readonly variant?: string;
  readonly placement: string;
  readonly participants: "process" | "thread";
  readonly awake: boolean;
  readonly wait?: string;
  readonly knee: Knee | null;
}

/** With fewer points two lines fit anything. */
const FEWEST_POINTS = 5;
/** The slope changes by at least this much at a knee. */
const LEAST_BEND = 0.3;
/** Two lines leave at most this share of what one line leaves unexplained. */
const LEFT_UNEXPLAINED = 0.5;

/** The knees of all round-trip curves of a run that have points enough. */
export function kneesOf(run: RunDocument): FacilityKnee[] {
  const cells = run.cells.filter((cell): cell is MeasuredCell =>
    cell.status === "measured" && cell.workload === "round-trip"
  );
  const curves = Map.groupBy(
    cells,
    ({ facility, variant, placement, participants, awake, wait }) =>
      [facility, variant, placement, participants, awake, wait].join("/"),
  );
  return [...curves.values()].filter((curve) => curve.length >= FEWEST_POINTS).map((curve) => {
    const { facility, variant, placement, participants, awake, wait } = curve[0]!;
    const points = curve.map(({ sizeBytes, estimate }) => ({
      sizeBytes: sizeBytes!,
      ns: estimate,
    }));
    return {
      facility,
      ...(variant && { variant }),
      placement,
      participants,
      awake,
      ...(wait && { wait }),
      knee: kneeOf(points),
    };
  });
}

/**
 * The measured size at which two joined lines through the logarithms fit best, or null where one
 * line does as well or the curve does not bend upwards.
 *
 * Hudson, "Fitting segmented curves whose join points have to be estimated", Journal of the
 * American Statistical Association 61, 1966, with the joints confined to the measured sizes.
 */
export function kneeOf(points: readonly Point[]): Knee | null {
  if (points.length < FEWEST_POINTS) return null;
  const sorted = [...points].sort((a, b) => a.sizeBytes - b.sizeBytes);
  const x = sorted.map(({ sizeBytes }) => Math.log(sizeBytes));
  const y = sorted.map(({ ns }) => Math.log(ns));
  const straight = fit(x.map((each) => [1, each]), y);
  let best: { at: number; left: number; weights: number[] } | null = null;
  for (let at = 1; at < x.length - 1; at++) {
    const joint = x[at]!;
    const bent = fit(x.map((each) => [1, each, Math.max(0, each - joint)]), y);
    if (best === null || bent.left < best.left) best = { at, ...bent };
  }
  const [, slope, bend] = best!.weights;
  if (!(bend! >= LEAST_BEND) || best!.left > LEFT_UNEXPLAINED * straight.left) return null;
  return {
    sizeBytes: sorted[best!.at]!.sizeBytes,
    slopeBefore: slope!,
    slopeAfter: slope! + bend!,
  };
}

/** Least squares: the weights of the columns, and the sum of squares that is left. */
function fit(rows: readonly number[][], y: readonly number[]): { weights: number[]; left: number } {
  const columns = rows[0]!.length;
  const matrix = Array.from({ length: columns }, (_, i) => [
    ...Array.from({ length: columns }, (_, j) => sum(rows.map((row) => row[i]! * row[j]!))),
    sum(rows.map((row, at) => row[i]! * y[at]!)),
  ]);
  const weights = solve(matrix);
  const left = sum(rows.map((row, at) => {
    const fitted = sum(row.map((value, i) => value * weights[i]!));
    return (y[at]! - fitted) ** 2;
  }));
  return { weights, left };
}

/** Gauss–Jordan elimination of a small matrix with the right side as its last column. */
function solve(matrix: number[][]): number[] {
  for (let i = 0; i < matrix.length; i++) {
    const rest = matrix.slice(i).map((row) => Math.abs(row[i]!));
    const pivot = i + rest.indexOf(Math.max(...rest));
    [matrix[i], matrix[pivot]] = [matrix[pivot]!, matrix[i]!];
    const row = matrix[i]!;
    const lead = row[i]!;
    for (let column = i; column < row.length; column++) row[column]! /= lead;
    for (const other of matrix) {
      if (other === row) continue;
      const factor = other[i]!;
      for (let column = i; column < row.length; column++) other[column]! -= factor * row[column]!;
    }
  }
  return matrix.map((row) => row.at(-1)!);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
