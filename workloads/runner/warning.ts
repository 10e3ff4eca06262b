/**
 * What has to be said beside figures: a code that programs compare, and a text that people read.
 *
 * @module
 */
import type { Warning } from "./document.ts";

/** What the suite warns of; a document of a newer one may have more. */
export const WARNING_CODES = [
  // Of a run.
  "budget-ended",
  "left-behind",
  "machine-states",
  "not-settled",
  "trial-ended-early",
  "trial-lost",
  "wide-intervals",
  // Of a run, and as marks of the trials that it happened to.
  "other-processes",
  "quota-ran-out",
  "steal",
  // Marks of a trial.
  "compiled-while-timed",
  "controls-differ",
  // Of a cell.
  "disturbed-trials",
  "drift",
  "few-trials",
  "multimodal",
  "outliers",
  "rate-not-reached",
  "remark",
  "short-batch",
  "wide-interval",
  // A text of version 1 that none of the others is known to mean.
  "other",
] as const;

export type WarningCode = typeof WARNING_CODES[number];

/** @param text a sentence or part of one, with what would help */
export function warning(code: WarningCode, text: string): Warning {
  return { code, text };
}

/** Those of a code. */
export function warningsWith(code: WarningCode, warnings: readonly Warning[] = []): Warning[] {
  return warnings.filter((each) => each.code === code);
}
