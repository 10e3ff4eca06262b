/**
 * How the trials spread.
 *
 * @module
 */
import {
  atSize,
  type BoxChart,
  chartId,
  contextOf,
  figure,
  hereWords,
  measureOf,
} from "../chart.ts";
import { times } from "../format.ts";
import { byMerit } from "../rows.ts";
import type { View } from "../view.ts";

/** Every trial's own figure, as box plots. */
export function trialsChart(view: View): BoxChart | null {
  const { workload, slice } = view;
  const shown = atSize(view).filter(({ row, shown }) => shown && row.trials.length > 1)
    .sort((a, b) => byMerit(a.row, b.row));
  const sample = shown[0]?.row;
  if (!sample) return null;
  const spread = (values: readonly number[]) => Math.max(...values) / Math.min(...values);
  const widest = shown.reduce((a, b) => spread(b.row.trials) > spread(a.row.trials) ? b : a);
  return {
    kind: "box",
    id: chartId("trials", workload),
    topic: "trials",
    context: contextOf(workload, slice),
    wide: true,
    title: "Trials",
    summary: `${measureOf(sample)} of each trial ${
      hereWords(view)
    }, best first. Widest: ${widest.series.label}, whose highest trial is ${
      times(spread(widest.row.trials))
    } its lowest.`,
    reading:
      "A trial is a fresh set of participants. The box holds the middle half of the trials, " +
      "the line is their median, whiskers reach 1.5 times the box; all others are drawn as points. " +
      "A violin is as wide as trials are dense, with the box and the median inside. None is dropped.",
    x: { label: measureOf(sample), scale: "log", unit: sample.unit },
    items: shown.map(({ series, row }) => ({
      label: series.label,
      facility: series.facility,
      values: row.trials,
    })),
    table: {
      columns: ["Series", "Trials", "Least", "Median", "Most"],
      rows: shown.map(({ series, row }) => {
        const sorted = [...row.trials].sort((a, b) => a - b);
        return {
          head: series.label,
          facility: series.facility,
          cells: [
            { text: String(sorted.length), value: sorted.length },
            figure(sorted[0], row.unit),
            figure(row.estimate, row.unit),
            figure(sorted.at(-1), row.unit),
          ],
        };
      }),
    },
  };
}
