/**
 * The part of the runs that a check is asked about.
 *
 * @module
 */
import type { Cell, RunDocument } from "../../workloads/runner/document.ts";
import { NotComparableError } from "../../workloads/runner/errors.ts";

/** What cells have to be, in words of the run document; absent for whatever they are. */
export interface Selection {
  readonly facilities?: readonly string[];
  readonly workloads?: readonly string[];
  readonly sizes?: readonly number[];
  readonly placements?: readonly string[];
  readonly participants?: readonly string[];
  readonly waits?: readonly string[];
}

/** The run with its control rows and the cells that are selected. */
export function selectFrom(run: RunDocument, selection: Selection): RunDocument {
  const cells = run.cells.filter((cell) => cell.control || isSelected(cell, selection));
  return { ...run, cells };
}

/**
 * The runs of a baseline, likewise.
 *
 * @throws {NotComparableError} none of their cells is selected
 */
export function selectFromBaseline(
  runs: readonly RunDocument[],
  selection: Selection,
): RunDocument[] {
  const selected = runs.map((run) => selectFrom(run, selection));
  const own = (each: readonly RunDocument[]) =>
    each.flatMap(({ cells }) => cells).find(({ control }) => !control);
  const [left, before] = [own(selected), own(runs)];
  if (before && !left) {
    throw new NotComparableError(
      "The baseline has no cell of the given facilities, workloads, sizes, placements, " +
        `participants and waiting strategies; it has such as ${before.id}`,
    );
  }
  return selected;
}

/** A cell without a size or a way of waiting is not left out for it. */
function isSelected(cell: Cell, selection: Selection): boolean {
  const { facilities, workloads, sizes, placements, participants, waits } = selection;
  const within = <T>(words: readonly T[] | undefined, word: T | undefined) =>
    words === undefined || word === undefined || words.includes(word);
  return within(facilities, cell.facility) && within(workloads, cell.workload) &&
    within(sizes, cell.sizeBytes) && within(placements, cell.placement) &&
    within(participants, cell.participants) && within(waits, cell.wait);
}
