/**
 * The slowest operations: percentiles on an axis of nines.
 *
 * @module
 */
import {
  atSize,
  batchNote,
  chartId,
  contextOf,
  type CurveChart,
  figure,
  hereWords,
  type Line,
  shareWords,
} from "../chart.ts";
import { digits, quantity } from "../format.ts";
import { tailOf } from "../rows.ts";
import { isHidden, type View } from "../view.ts";

/** -log10(1 - share): 0.9 gives 1, 0.99 gives 2. */
export function nines(share: number): number {
  return -Math.log10(1 - share);
}

/** How long the slowest operations took: a quantile curve with the tail spread out. */
export function tailChart(view: View): CurveChart | null {
  const { workload, slice } = view;
  const all = atSize(view).filter(({ row }) => row.percentiles);
  if (all.length === 0) return null;
  const shown = all.filter(({ series }) => !isHidden(view, series));
  const shares = { p50: 0.5, p90: 0.9, p99: 0.99, "p99.9": 0.999 } as const;
  const lines = all.map(({ series, row, shown }): Line => {
    const samples = Math.max(10, row.operations / (row.batch ?? 1));
    const known: [number, number][] = row.curve ??
      Object.entries(shares).flatMap(([name, share]): [number, number][] => {
        const ns = row.percentiles![name as keyof typeof shares];
        return ns === undefined ? [] : [[share, ns]];
      });
    const last = 1 - 1 / samples;
    const points = [
      ...known.filter(([share]) => share < last),
      [last, row.percentiles!.max] as [number, number],
    ];
    return {
      key: series.key,
      label: series.label,
      facility: series.facility,
      wait: series.wait,
      shown,
      spare: !view.leading.has(series.key),
      points: points.map(([share, ns], index) => ({
        x: nines(share),
        y: ns,
        notes: [
          index === points.length - 1
            ? `slowest of ${digits(samples)}: ${quantity(ns, "ns")}`
            : `${shareWords(share)} within ${quantity(ns, "ns")}${batchNote(row)}`,
        ],
      })),
    };
  });
  const tail = tailOf(shown.map(({ row }) => row));
  const withTail = shown.filter(({ row }) => row.percentiles![tail] !== undefined)
    .sort((a, b) => a.row.percentiles![tail]! - b.row.percentiles![tail]!);
  const first = withTail[0];
  const batched = shown.some(({ row }) => row.batch && row.batch > 1);
  return {
    kind: "curve",
    id: chartId("tail", workload),
    topic: "tail",
    context: contextOf(workload, slice),
    title: "The slowest operations",
    summary: first
      ? `Least ${tail} ${hereWords(view)}: ${first.series.label} with ${
        quantity(first.row.percentiles![tail]!, "ns")
      }; most: ${withTail.at(-1)!.series.label} with ${
        quantity(withTail.at(-1)!.row.percentiles![tail]!, "ns")
      }.`
      : `Percentiles of ${shown.length} series ${hereWords(view)}.`,
    reading:
      "Each step to the right leaves a tenth of the operations: 90 %, 99 %, 99.9 %; a line " +
      "ends at its slowest operation." +
      (batched ? " Series timed in batches show the percentiles of batch means." : ""),
    joined: true,
    x: { label: "Share of operations", scale: "nines", unit: "share" },
    y: { label: "Time of one operation", scale: "log", unit: "ns" },
    lines,
    table: {
      columns: ["Series", "p50", "p90", "p99", "p99.9", "Slowest"],
      rows: shown.map(({ series, row }) => ({
        head: series.label,
        facility: series.facility,
        cells: (["p50", "p90", "p99", "p99.9", "max"] as const).map((name) =>
          figure(row.percentiles![name], "ns")
        ),
      })),
    },
  };
}
