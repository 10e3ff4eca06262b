/**
 * A whole check: the candidate judged, its suspects measured again, the outcome as a document.
 *
 * @module
 */
import type { Disturbance } from "../../workloads/runner/disturbance.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { NotComparableError } from "../../workloads/runner/errors.ts";
import type { RunOptions } from "../../workloads/runner/run.ts";
import { confirm, type Confirmed } from "./confirm.ts";
import { type CheckDocument, checkDocument } from "./document.ts";
import { isCommon, judge, type Judgement, suspectsOf } from "./judge.ts";
import { outcomeOf } from "./verdict.ts";

export interface CheckInput {
  /** Null where the runs were given as files. */
  readonly baselineName: string | null;
  /** Oldest run first. */
  readonly baseline: readonly RunDocument[];
  readonly candidate: RunDocument;
  readonly threshold: number;
  /** How suspects are measured again; null where they are not. */
  readonly again: RunOptions | null;
  readonly disturbance: Disturbance | null;
}

/**
 * Checks a candidate; null when it was interrupted while suspects were measured again.
 *
 * @throws {NotComparableError} no cell is common to both sides
 */
export async function runCheck(input: CheckInput): Promise<CheckDocument | null> {
  const { baseline, candidate, threshold, again } = input;
  const corrected = again === null;
  const judgement = judge(baseline, candidate, { threshold, corrected });
  requireCommonCells(baseline, candidate, judgement);
  const suspects = suspectsOf(judgement);
  const moved = judgement.quota !== null || judgement.controls.some((row) => row.moved);
  let fresh: Confirmed | null = null;
  if (again && suspects.length > 0 && !moved) {
    fresh = await confirm(baseline, candidate, suspects, again, threshold);
    if (again.signal?.aborted) return null;
  }
  return checkDocument({
    ...input,
    judgement,
    outcome: outcomeOf(judgement, suspects, fresh),
    confirmation: corrected ? "holm" : fresh ? "fresh-trials" : "not-needed",
    again: fresh?.judgement ?? null,
  });
}

/** The cells that any of the runs has a figure of, control rows apart. */
export function measuredIds(runs: readonly RunDocument[]): Set<string> {
  const cells = runs.flatMap((run) => run.cells);
  const measured = cells.filter(({ status, control }) => status === "measured" && !control);
  return new Set(measured.map(({ id }) => id));
}

/** What to do where a run and what is measured now differ in keeping CPUs awake; else nothing. */
export function awakeHint({ settings }: RunDocument, awake: boolean): string {
  if (settings.awake === awake) return "";
  return settings.awake
    ? "; it was measured with --awake, and so should the candidate be"
    : "; it was measured without --awake, measure the candidate with --no-awake";
}

function requireCommonCells(
  baseline: readonly RunDocument[],
  candidate: RunDocument,
  { judged, unjudged }: Judgement,
): void {
  if (judged.length > 0 || unjudged.some(isCommon)) return;
  const example = (runs: readonly RunDocument[]) => [...measuredIds(runs)][0] ?? "none at all";
  throw new NotComparableError(
    `${candidate.id} and the baseline have no cell in common: the one has ` +
      `${example([candidate])}, the other ${example(baseline)}` +
      awakeHint(baseline.at(-1)!, candidate.settings.awake),
  );
}
