/**
 * Two ways to start the participants, compared pair by pair.
 *
 * @module
 */
import type { MeasuredCell } from "../../workloads/runner/document.ts";
import type { Interleaved } from "../../workloads/runner/interleave.ts";
import { medianIntervalRank, pairedRatioTest } from "../../workloads/runner/statistics.ts";

/** A cell on both sides. */
export interface PairedCell {
  readonly id: string;
  readonly unit: MeasuredCell["unit"];
  readonly control: boolean;
  readonly pairs: readonly (readonly [a: number, b: number])[];
  /** How many times worse B is: the median of the paired ratios. */
  readonly ratio: number;
  /** Of the sign test; null where the pairs are too few. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Of the sign test, two-sided. */
  readonly p: number;
  readonly significant: boolean;
}

export interface InterleavedDocument {
  readonly schema: "ipc-taxonomy/compare-interleaved/1";
  /** The launch prefixes as given. */
  readonly a: string;
  readonly b: string;
  readonly seconds: number;
  readonly complete: boolean;
  /** Control rows first, then the largest change first. */
  readonly cells: readonly PairedCell[];
  readonly failed: readonly { readonly id: string; readonly reasons: readonly string[] }[];
  readonly byChance: number;
  readonly warnings: readonly string[];
}

const LEVEL = 0.95;
/** Pairs that a 95 % interval needs. */
export const FEWEST_PAIRS = 6;

/** Compares the sides of every cell that has a pair. */
export function compareInterleaved(run: Interleaved, a: string, b: string): InterleavedDocument {
  const cells = run.cells.flatMap(({ dimensions, pairs }): PairedCell[] => {
    const usable = pairs.every(([x, y]) => x > 0 && y > 0);
    if (pairs.length === 0 || !usable) return [];
    const [before, after] = [0, 1].map((side) => pairs.map((pair) => pair[side]!));
    const [worse, better] = dimensions.better === "lower" ? [after!, before!] : [before!, after!];
    const { ratio, interval, p } = pairedRatioTest(worse, better, LEVEL);
    return [{
      id: dimensions.id,
      unit: dimensions.unit,
      control: dimensions.control ?? false,
      pairs,
      ratio,
      interval,
      p,
      significant: interval !== null && (interval[0] > 1 || interval[1] < 1),
    }];
  });
  const size = ({ ratio }: PairedCell) => Math.abs(Math.log(ratio));
  return {
    schema: "ipc-taxonomy/compare-interleaved/1",
    a,
    b,
    seconds: run.seconds,
    complete: run.complete,
    cells: cells.sort((x, y) => Number(y.control) - Number(x.control) || size(y) - size(x)),
    failed: run.cells.filter(({ failures }) => failures.length > 0)
      .map(({ dimensions, failures }) => ({ id: dimensions.id, reasons: failures })),
    byChance: (1 - LEVEL) *
      cells.filter(({ pairs }) => medianIntervalRank(pairs.length, LEVEL) !== null).length,
    warnings: run.warnings,
  };
}
