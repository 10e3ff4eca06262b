/**
 * Quantile curves out of the histograms that a run document carries.
 *
 * @module
 */
import { decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import type { RunDocument } from "../../workloads/runner/document.ts";

const SHARES = [0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999];

/** Pairs of a share of operations and the nanoseconds that share stayed within. */
export type Curve = [share: number, ns: number][];

/** The quantile curve of each cell that has a histogram, by cell id; a broken histogram has none. */
export function curvesOf(cells: RunDocument["cells"]): Record<string, Curve> {
  const curves: Record<string, Curve> = {};
  for (const cell of cells) {
    if (cell.status !== "measured" || !cell.histogram) continue;
    try {
      curves[cell.id] = curveOf(decodeFromCompressedBase64(cell.histogram));
    } catch {
      // The percentiles of the document itself are shown instead.
    }
  }
  return curves;
}

/** What the library's histograms offer beside their interface: their counts in the order of values. */
interface Counts {
  readonly countsArrayLength: number;
  getCountAtIndex(index: number): number;
  valueFromIndex(index: number): number;
  highestEquivalentValue(value: number): number;
}

/** As `getValueAtPercentile` of each share that has an operation beyond it, in one pass for all. */
function curveOf(histogram: Histogram): Curve {
  const counts = histogram as unknown as Counts;
  const total = histogram.totalCount;
  const shares = SHARES.filter((share) => (1 - share) * total >= 1);
  const curve: Curve = [];
  let within = 0;
  for (let index = 0; index < counts.countsArrayLength && curve.length < shares.length; index++) {
    const here = counts.getCountAtIndex(index);
    if (here === 0) continue;
    within += here;
    while (
      curve.length < shares.length && within >= Math.ceil(shares[curve.length]! * total - 1e-6)
    ) {
      const value = counts.highestEquivalentValue(counts.valueFromIndex(index));
      curve.push([shares[curve.length]!, value]);
    }
  }
  return curve;
}
