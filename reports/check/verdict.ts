/**
 * What a check comes to, and why.
 *
 * @module
 */
import type { ControlRow } from "./controls.ts";
import { isCommon, type JudgedCell, type Judgement } from "./judge.ts";

export type Verdict = "pass" | "regressed" | "improved" | "inconclusive";

/** The exit code of a check with that verdict. */
export const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  pass: 0,
  improved: 0,
  regressed: 1,
  inconclusive: 3,
};

export interface Outcome {
  readonly verdict: Verdict;
  /** In words, the weightiest first; never empty. */
  readonly reasons: readonly string[];
  readonly regressed: readonly JudgedCell[];
  readonly improved: readonly JudgedCell[];
  /** Suspects that fresh trials did not confirm, or that could not be measured again. */
  readonly unconfirmed: readonly JudgedCell[];
}

/** What fresh trials said of the suspects. */
export interface Confirmation {
  readonly judgement: Judgement;
  readonly confirmed: readonly JudgedCell[];
}

/** Of the cells that both sides have, at least this share must be judged. */
const LEAST_JUDGED = 0.5;

/** Of the baseline's cells, the candidate may leave out this share at most. */
export const MOST_LOST = 0.1;

/**
 * The verdict over a judgement and, where suspects were measured again, the confirmation.
 *
 * @param confirmation null where every cell beyond its floor counts as it is
 */
export function outcomeOf(
  judgement: Judgement,
  suspects: readonly JudgedCell[],
  confirmation: Confirmation | null,
): Outcome {
  const confirmed = confirmation ? confirmation.confirmed : suspects;
  const outcome = {
    regressed: confirmed.filter(({ direction }) => direction === "slower"),
    improved: confirmed.filter(({ direction }) => direction === "faster"),
    unconfirmed: suspects.filter(({ id }) => !confirmed.some((cell) => cell.id === id)),
  };
  const doubts = doubtsOf(judgement, confirmation);
  if (doubts.length > 0) return { ...outcome, verdict: "inconclusive", reasons: doubts };
  if (outcome.regressed.length > 0) {
    return {
      ...outcome,
      verdict: "regressed",
      reasons: [`${cells(outcome.regressed.length)} slower than the baseline`],
    };
  }
  const gaps = gapsOf(judgement, suspects, confirmation);
  if (gaps.length > 0) return { ...outcome, verdict: "inconclusive", reasons: gaps };
  if (outcome.improved.length > 0) {
    return {
      ...outcome,
      verdict: "improved",
      reasons: [`${cells(outcome.improved.length)} faster than the baseline, none slower`],
    };
  }
  const judged = judgement.judged.length;
  return {
    ...outcome,
    verdict: "pass",
    reasons: [`none of ${judged} judged ${judged === 1 ? "cell" : "cells"} is slower`],
  };
}

/** Why nothing that was judged means anything. */
function doubtsOf(judgement: Judgement, confirmation: Confirmation | null): string[] {
  if (judgement.judged.length === 0) return ["no cell could be judged"];
  const moved = (controls: Judgement["controls"], when: string) => {
    const rows = controls.filter((row) => row.moved);
    return rows.length === 0 ? [] : [
      `the machine has changed: ${rows.length} of ${controls.length} control rows moved${when}: ` +
      rows.map(movementOf).join(", "),
    ];
  };
  return [
    ...[judgement, confirmation?.judgement].flatMap((each) => each?.quota ?? []),
    ...moved(judgement.controls, ""),
    ...moved(confirmation?.judgement.controls ?? [], " while the suspects were measured again"),
  ];
}

/** A control row by name, and how far it moved: `memcpy 4096 B 1.12 ×`. */
function movementOf({ workload, sizeBytes, measures }: ControlRow): string {
  const name = sizeBytes === undefined ? workload : `${workload} ${sizeBytes} B`;
  const furthest = measures.filter(({ moved }) => moved)
    .sort((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))[0];
  return furthest ? `${name} ${furthest.ratio.toFixed(2)} ×` : name;
}

/** What is missing for a pass. */
function gapsOf(
  { judged, unjudged }: Judgement,
  suspects: readonly JudgedCell[],
  confirmation: Confirmation | null,
): string[] {
  const found: string[] = [];
  const failed = unjudged.filter(({ kind }) => kind === "failed").length;
  if (failed > 0) found.push(`${cells(failed)} of the baseline could not be measured now`);
  const common = judged.length + unjudged.filter(isCommon).length;
  const lost = unjudged.filter(({ kind }) => kind === "lost");
  const all = common + lost.length;
  if (lost.length > all * MOST_LOST) {
    found.push(
      `${lost.length} of the ${cells(all)} of the baseline were not measured, ` +
        `such as ${lost[0]!.id}`,
    );
  }
  if (judged.length < common * LEAST_JUDGED) {
    found.push(`only ${judged.length} of ${common} common cells could be judged`);
  }
  const open = confirmation
    ? suspects.filter(({ id, direction }) =>
      direction === "slower" && !confirmation.judgement.judged.some((cell) => cell.id === id)
    ).length
    : 0;
  if (open > 0) found.push(`${cells(open)} looked slower and could not be measured again`);
  return found;
}

function cells(number: number): string {
  return number === 1 ? "1 cell" : `${number} cells`;
}
