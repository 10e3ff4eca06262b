/** Whether something grows. @module */
import { quantile } from "../../workloads/runner/statistics.ts";
import type { Vitals } from "./vitals.ts";

/** How one of the vitals went. */
export interface Course {
  readonly vital: keyof Vitals;
  /** Medians of the second third of the time and of the last; the first is for warming up. */
  readonly early: number;
  readonly late: number;
  /** What it may rise by. */
  readonly tolerance: number;
  readonly grows: boolean;
}

/** Less says nothing. */
export const FEWEST_LOOKS = 15;

const KiB = 1024;
const TOLERANCE: Readonly<Record<keyof Vitals, number>> = {
  descriptors: 2,
  // The engine makes code, and collects it, when it likes.
  maps: 64,
  memoryBytes: 16 * KiB * KiB,
  children: 0,
  objects: 0,
  files: 0,
  // Runs of different facilities differ in size.
  storeBytes: 256 * KiB,
};

/**
 * Holds the last third of the looks against the second: it grows where most of the last third lies
 * above most of the second by more than the tolerance (quartile against quartile), so that neither a
 * peak nor what others do meanwhile decides. Null where there are too few looks.
 */
export function judge(looks: readonly Vitals[]): Course[] | null {
  if (looks.length < FEWEST_LOOKS) return null;
  const third = Math.floor(looks.length / 3);
  return (Object.keys(TOLERANCE) as (keyof Vitals)[]).map((vital) => {
    const values = looks.map((each) => each[vital]);
    const [early, late] = [values.slice(third, -third), values.slice(-third)];
    const tolerance = TOLERANCE[vital];
    return {
      vital,
      early: quantile(early, 0.5),
      late: quantile(late, 0.5),
      tolerance,
      grows: quantile(late, 0.25) - quantile(early, 0.75) > tolerance,
    };
  });
}
