/**
 * Regions by waiting strategies, as a heat map.
 *
 * @module
 */
import {
  atSize,
  chartId,
  contextOf,
  figure,
  type HeatChart,
  hereWords,
  measureOf,
  notesOf,
} from "../chart.ts";
import { quantity, times } from "../format.ts";
import { byMerit, type Row, timesWorse } from "../rows.ts";
import { isHidden, type View } from "../view.ts";

/** Each region with each waiting strategy: the cost of the sharing and the cost of the waiting apart. */
export function waitChart(view: View): HeatChart | null {
  const { workload, slice } = view;
  const waiting = atSize(view).filter(({ series, row }) =>
    row.wait !== undefined && !isHidden(view, series)
  ).map(({ row }) => row);
  const waits = [...new Set(waiting.map((row) => row.wait!))];
  const regions = [...new Set(waiting.map((row) => row.facility))];
  const sample = waiting[0];
  if (!sample || waits.length < 2) return null;
  const mean = (wait: string) => {
    const own = waiting.filter((row) => row.wait === wait);
    return own.reduce((sum, row) => sum + Math.log(row.estimate), 0) / own.length;
  };
  waits.sort((a, b) => sample.better === "lower" ? mean(a) - mean(b) : mean(b) - mean(a));
  const sorted = [...waiting].sort(byMerit);
  const best = sorted[0]!;
  const worst = sorted.at(-1)!;
  const titleOf = (id: string) => waiting.find(({ facility }) => facility === id)!.title;
  const named = (row: Row) => `${row.title} with ${row.wait}`;
  return {
    kind: "heat",
    id: chartId("wait", workload),
    topic: "wait",
    context: contextOf(workload, slice),
    wide: waits.length > 4,
    title: "Region by waiting strategy",
    summary: `${measureOf(sample)} ${hereWords(view)}: best ${named(best)} (${
      quantity(best.estimate, best.unit)
    }), worst ${named(worst)} (${quantity(worst.estimate, worst.unit)}, ${
      times(timesWorse(worst, best))
    } as much).`,
    reading:
      "Down a column only the region changes, along a row only how its users wait for each " +
      "other. The stronger the colour, the worse, on a logarithmic scale. An empty field was not " +
      "measured.",
    rowsTitle: "Region",
    columnsTitle: "Waiting strategy",
    rows: regions.map(titleOf),
    columns: waits,
    better: sample.better,
    unit: sample.unit,
    cells: waiting.map((row) => ({
      row: regions.indexOf(row.facility),
      column: waits.indexOf(row.wait!),
      value: row.estimate,
      text: quantity(row.estimate, row.unit),
      notes: notesOf(row),
    })),
    table: {
      columns: ["Region", ...waits],
      rows: regions.map((region) => ({
        head: titleOf(region),
        facility: region,
        cells: waits.map((wait) =>
          figure(
            waiting.find((row) => row.facility === region && row.wait === wait)?.estimate,
            sample.unit,
          )
        ),
      })),
    },
  };
}
