/**
 * Time against CPU time: who buys speed by spinning.
 *
 * @module
 */
import {
  atSize,
  chartId,
  contextOf,
  type CurveChart,
  figure,
  hereWords,
  measureOf,
  notesOf,
} from "../chart.ts";
import { quantity } from "../format.ts";
import { isHidden, type View } from "../view.ts";

/** What an operation costs in time, against what it costs in CPU. */
export function costChart(view: View): CurveChart | null {
  const { workload, slice } = view;
  const all = atSize(view).filter(({ row }) => row.cpuNs !== undefined);
  const shown = all.filter(({ series }) => !isHidden(view, series));
  const sample = shown[0]?.row;
  if (!sample || all.length < 2) return null;
  const thrifty = [...shown].sort((a, b) => a.row.cpuNs! - b.row.cpuNs!);
  const first = thrifty[0]!;
  const last = thrifty.at(-1)!;
  return {
    kind: "curve",
    id: chartId("cost", workload),
    topic: "cost",
    context: contextOf(workload, slice),
    title: `${measureOf(sample)} against CPU cost`,
    summary: `Least CPU time an operation ${hereWords(view)}: ${first.series.label} with ${
      quantity(first.row.cpuNs!, "ns")
    }; most: ${last.series.label} with ${quantity(last.row.cpuNs!, "ns")}.`,
    reading: `User and system time of all participants, from getrusage. ${
      sample.better === "lower" ? "Down and left" : "Up and left"
    } is better; whoever spins pays for speed with CPU.`,
    joined: false,
    x: { label: "CPU time of one operation", scale: "log", unit: "ns" },
    y: { label: measureOf(sample), scale: "log", unit: sample.unit },
    lines: all.map(({ series, row, shown }) => ({
      key: series.key,
      label: series.label,
      facility: series.facility,
      wait: series.wait,
      // A waiting strategy is a way of paying, so this chart shows them all until one is taken out.
      shown: shown || series.wait !== undefined && !isHidden(view, series),
      spare: !view.leading.has(series.key),
      points: [{ x: row.cpuNs!, y: row.estimate, yRange: row.ci95, notes: notesOf(row) }],
    })),
    table: {
      columns: ["Series", measureOf(sample), "CPU an operation"],
      rows: shown.map(({ series, row }) => ({
        head: series.label,
        facility: series.facility,
        cells: [figure(row.estimate, row.unit), figure(row.cpuNs, "ns")],
      })),
    },
  };
}
