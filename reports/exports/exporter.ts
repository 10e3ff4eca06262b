/**
 * What an exporter is: one format that other tools read, made of one run.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";

export interface Exporter {
  /** The word on the command line. */
  readonly id: string;
  readonly summary: string;
  /** Of the files, without a dot. */
  readonly extension: string;
  /** @throws {NotComparableError} the format has no place for anything of the run */
  render(run: RunDocument): string;
}

/** The cells that have a figure, control rows included, in the run's order. */
export function measuredCells(run: RunDocument): MeasuredCell[] {
  return run.cells.filter((cell) => cell.status === "measured");
}
