/**
 * Prometheus' text format 0.0.4: gauges without timestamps, the newest state of a host. For
 * node_exporter's textfile collector and the Pushgateway, which refuse the rest of OpenMetrics.
 *
 * @see {@link https://prometheus.io/docs/instrumenting/exposition_formats/}
 * @module
 */
import type { Exporter } from "./exporter.ts";
import { familiesOf, type Family, hostLabels, runLabels, series, startOf } from "./exposition.ts";

export const exporter: Exporter = {
  id: "prometheus",
  summary: "Prometheus text, for the textfile collector and the Pushgateway",
  extension: "prom",
  render(run) {
    const families: Omit<Family, "unit">[] = [
      {
        name: "ipc_taxonomy_run_info",
        help: "What measured it, and where.",
        samples: [{ labels: runLabels(run), value: 1 }],
      },
      {
        name: "ipc_taxonomy_run_start_timestamp_seconds",
        help: "Start of the run, seconds since 1970.",
        samples: [{ labels: hostLabels(run), value: startOf(run) }],
      },
      ...familiesOf(run),
    ];
    return families.map(family).join("");
  },
};

function family({ name, help, samples }: Omit<Family, "unit">): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n` +
    samples.map(({ labels, value }) => `${series(name, labels)} ${value}\n`).join("");
}
