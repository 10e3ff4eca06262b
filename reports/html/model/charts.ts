/**
 * Charts as plain data, with the text summary and the table that say the same.
 *
 * @module
 */
import type { ChartModel } from "./chart.ts";
import { costChart } from "./charts/cost.ts";
import { sizeChart } from "./charts/size.ts";
import { tailChart } from "./charts/tail.ts";
import { trialsChart } from "./charts/trials.ts";
import { waitChart } from "./charts/wait.ts";
import type { View } from "./view.ts";

export * from "./chart.ts";
export { sizeChart, waitChart };

/** Every chart that a view can fill. */
export function chartsOf(view: View): ChartModel[] {
  const charts = [
    sizeChart(view),
    tailChart(view),
    costChart(view),
    waitChart(view),
    trialsChart(view),
  ];
  return charts.filter((chart) => chart !== null);
}
