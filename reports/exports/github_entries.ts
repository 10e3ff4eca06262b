/**
 * The entries that github-action-benchmark's two custom tools read.
 *
 * The action puts name, unit and range into a table of Markdown, and fails where there is no entry.
 *
 * @see {@link https://github.com/benchmark-action/github-action-benchmark}
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { NotComparableError } from "../../workloads/runner/errors.ts";
import { jsonText, presentable } from "../../workloads/runner/foreign_text.ts";
import { inBackticks } from "../media.ts";
import { measuredCells } from "./exporter.ts";

const KINDS = {
  lower: { noun: "times", other: "rates", format: "github-bigger" },
  higher: { noun: "rates", other: "times", format: "github-smaller" },
} as const;

/**
 * The cells of one direction as JSON.
 *
 * @throws {NotComparableError} there is none
 */
export function githubEntries(document: RunDocument, better: MeasuredCell["better"]): string {
  const run = presentable(document);
  const cells = measuredCells(run);
  const entries = cells.filter((cell) => cell.better === better).map((cell) => ({
    name: inBackticks(cell.id),
    unit: cell.unit,
    value: cell.estimate,
    range: `${cell.ci95[0]} to ${cell.ci95[1]}`,
    extra: `95 % interval over ${cell.trials.length} trials\n` +
      `machine ${run.host.machineKey}\nkernel ${run.host.kernel}, Deno ${run.tool.deno}`,
  }));
  if (entries.length > 0) return jsonText(entries, 2) + "\n";
  const { noun, other, format } = KINDS[better];
  throw new NotComparableError(
    `The run ${run.id} has no ${noun}, and github-action-benchmark fails on an empty list` +
      (cells.length > 0 ? `; its ${other} are exported with --format ${format}` : ""),
  );
}
