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
    const benchmarks = measuredCells(run).map((cell) => [cell.id, {
      [MEASURES[cell.unit]]: {
        value: cell.estimate,
        lower_value: cell.ci95[0],
        upper_value: cell.ci95[1],
      },
    }]);
    return JSON.stringify(Object.fromEntries(benchmarks), null, 2) + "\n";
  },
};
