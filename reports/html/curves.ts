/**
 * Quantile curves out of the histograms that a run document carries.
 *
 * @module
 */
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
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
      const histogram = decodeFromCompressedBase64(cell.histogram);
      const total = histogram.totalCount;
      curves[cell.id] = SHARES.filter((share) => (1 - share) * total >= 1).map((share) => [
        share,
        histogram.getValueAtPercentile(share * 100),
      ]);
    } catch {
      // The percentiles of the document itself are shown instead.
    }
  }
  return curves;
}
