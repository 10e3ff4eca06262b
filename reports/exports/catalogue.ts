/**
 * The export formats by name, each loaded only when it is asked for.
 *
 * @module
 */
import type { Exporter } from "./exporter.ts";

export const EXPORTERS = {
  json: () => import("./run_document.ts"),
  markdown: () => import("./markdown.ts"),
  csv: () => import("./csv.ts"),
  openmetrics: () => import("./openmetrics.ts"),
  prometheus: () => import("./prometheus.ts"),
  bencher: () => import("./bencher.ts"),
  "github-smaller": () => import("./github_smaller.ts"),
  "github-bigger": () => import("./github_bigger.ts"),
} as const satisfies Record<string, () => Promise<{ exporter: Exporter }>>;

export type ExportFormat = keyof typeof EXPORTERS;

export async function loadExporter(format: ExportFormat): Promise<Exporter> {
  return (await EXPORTERS[format]()).exporter;
}
