/**
 * The cells of a run that have no figure, by the reason.
 *
 * @module
 */
import type { Cell } from "../workloads/runner/document.ts";
import { bytes, list } from "./html/model/format.ts";

/** A cell without a figure. */
export type Missed = Exclude<Cell, { status: "measured" }>;

/** Cells that lack a figure for one reason. */
export interface Missing {
  /** With the sizes of all of them, where it begins with one. */
  readonly reason: string;
  readonly cells: readonly Missed[];
}

const SIZE_FIRST = /^(\d+) bytes /;

/** The cells of one status, those with alike reasons together, in the order of the run. */
export function missingOf(cells: readonly Cell[], status: Missed["status"]): Missing[] {
  const found = cells.filter((cell): cell is Missed => cell.status === status);
  const groups = Map.groupBy(found, ({ reason }) => reason.replace(SIZE_FIRST, ""));
  return [...groups].map(([alike, cells]) => ({ reason: withSizes(alike, cells), cells }));
}

function withSizes(alike: string, cells: readonly Missed[]): string {
  const sizes = cells.flatMap((cell) => cell.reason.match(SIZE_FIRST)?.slice(1).map(Number) ?? []);
  const known = [...new Set(sizes)].sort((a, b) => a - b).map(bytes);
  return known.length === 0 ? alike : `${list(known)} ${alike}`;
}
