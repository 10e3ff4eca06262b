/**
 * OpenMetrics text 1.0, each sample with the run's start as its timestamp: history for Prometheus, by
 * `promtool tsdb create-blocks-from openmetrics`, which wants a timestamp on all samples or on none.
 *
 * @see {@link https://prometheus.io/docs/specs/om/open_metrics_spec/}
 * @module
 */
import type { RunDocument } from "../../workloads/runner/document.ts";
import type { Exporter } from "./exporter.ts";
import { familiesOf, type Family, runLabels, series, startOf } from "./exposition.ts";

export const exporter: Exporter = {
  id: "openmetrics",
  summary: "OpenMetrics text with timestamps, for promtool's backfilling",
  extension: "txt",
  render(run) {
    const at = startOf(run);
    const families = familiesOf(run).map((each) => family(each, at));
    return [info(run, at), ...families, "# EOF\n"].join("");
  },
};

function info(run: RunDocument, at: number): string {
  return `# TYPE ipc_taxonomy_run info\n# HELP ipc_taxonomy_run What measured it, and where.\n` +
    `${series("ipc_taxonomy_run_info", runLabels(run))} 1 ${at}\n`;
}

function family({ name, unit, help, samples }: Family, at: number): string {
  return `# TYPE ${name} gauge\n# UNIT ${name} ${unit}\n# HELP ${name} ${help}\n` +
    samples.map(({ labels, value }) => `${series(name, labels)} ${value} ${at}\n`).join("");
}
