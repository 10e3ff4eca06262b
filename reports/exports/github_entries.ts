/**
 * The entries that github-action-benchmark's two custom tools read.
 *
 * @see {@link https://github.com/benchmark-action/github-action-benchmark}
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { measuredCells } from "./exporter.ts";

/** The cells of one direction as JSON. */
export function githubEntries(run: RunDocument, better: MeasuredCell["better"]): string {
  const entries = measuredCells(run).filter((cell) => cell.better === better).map((cell) => ({
    name: cell.id,
    unit: cell.unit,
    value: cell.estimate,
    range: `${cell.ci95[0]} to ${cell.ci95[1]}`,
    extra: `95 % interval over ${cell.trials.length} trials\n` +
      `machine ${run.host.machineKey}\nkernel ${run.host.kernel}, Deno ${run.tool.deno}`,
  }));
  return JSON.stringify(entries, null, 2) + "\n";
}
