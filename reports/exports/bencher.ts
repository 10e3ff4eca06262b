/**
 * Bencher Metric Format: a benchmark for each cell, with one measure that has its interval.
 *
 * `latency` (ns) and `throughput` (operations/s) are Bencher's own measures; the others are made
 * when first sent.
 *
 * @see {@link https://bencher.dev/docs/reference/bencher-metric-format/}
 * @module
 */
import type { MeasuredCell } from "../../workloads/runner/document.ts";
import { NotComparableError } from "../../workloads/runner/errors.ts";
import { jsonText, presentable } from "../../workloads/runner/foreign_text.ts";
import { type Exporter, measuredCells } from "./exporter.ts";

const MEASURES: Record<MeasuredCell["unit"], string> = {
  ns: "latency",
  "ops/s": "throughput",
  "bytes/s": "bytes-per-second",
  "messages/s": "messages-per-second",
  bytes: "bytes",
  messages: "messages",
};

export const exporter: Exporter = {
  id: "bencher",
  summary: "Bencher Metric Format, for bencher run --adapter json",
  extension: "json",
  render(run) {
    const benchmarks = measuredCells(presentable(run)).map((cell) => [cell.id, {
      [MEASURES[cell.unit]]: {
        value: cell.estimate,
        lower_value: cell.ci95[0],
        upper_value: cell.ci95[1],
      },
    }]);
    if (benchmarks.length === 0) {
      throw new NotComparableError(`The run ${run.id} has no figure: nothing was measured in it`);
    }
    return jsonText(Object.fromEntries(benchmarks), 2) + "\n";
  },
};
