/**
 * The outcome of a check as plain data: what `--json` writes and what every rendering reads.
 *
 * @module
 */
import type { Disturbance } from "../../workloads/runner/disturbance.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { type Difference, differences } from "./comparable.ts";
import type { ControlRow } from "./controls.ts";
import type { JudgedCell, Judgement, UnjudgedCell } from "./judge.ts";
import { ENOUGH_RUNS } from "./noise.ts";
import { EXIT_CODES, type Outcome, type Verdict } from "./verdict.ts";

export interface CheckDocument {
  readonly schema: "ipc-taxonomy/check/1";
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** In words, the weightiest first. */
  readonly reasons: readonly string[];
  readonly baseline: {
    /** Null where the runs were given as files. */
    readonly name: string | null;
    readonly runs: readonly string[];
    readonly machineKey: string;
  };
  readonly candidate: {
    readonly id: string;
    readonly startedAt: string;
    readonly complete: boolean;
  };
  /** 0.1 for 10 %. */
  readonly threshold: number;
  /** `holm`: nothing was measured again, and all judged cells share one error rate. */
  readonly confirmation: "fresh-trials" | "not-needed" | "holm";
  readonly counts: {
    readonly judged: number;
    readonly notJudged: number;
    readonly regressed: number;
    readonly improved: number;
    readonly unconfirmed: number;
  };
  /** What is not the same, though both may be compared. */
  readonly differences: readonly Difference[];
  /** The states of the machine that were told apart, in words. */
  readonly states: readonly string[];
  readonly controls: readonly ControlRow[];
  /** The control rows while the suspects were measured again; empty where none was. */
  readonly controlsAgain: readonly ControlRow[];
  readonly regressed: readonly JudgedCell[];
  readonly improved: readonly JudgedCell[];
  readonly unconfirmed: readonly JudgedCell[];
  readonly judged: readonly JudgedCell[];
  readonly notJudged: readonly UnjudgedCell[];
  /** What happened on the machine while the candidate was measured; null for a finished run. */
  readonly disturbance: Disturbance | null;
  readonly warnings: readonly string[];
}

/** What the document is made of. */
export interface CheckParts {
  readonly baselineName: string | null;
  /** Oldest run first. */
  readonly baseline: readonly RunDocument[];
  readonly candidate: RunDocument;
  readonly threshold: number;
  readonly judgement: Judgement;
  readonly outcome: Outcome;
  readonly confirmation: CheckDocument["confirmation"];
  readonly again: Judgement | null;
  readonly disturbance: Disturbance | null;
}

export function checkDocument(parts: CheckParts): CheckDocument {
  const { baseline, candidate, judgement, outcome, again } = parts;
  const newest = baseline.at(-1)!;
  return {
    schema: "ipc-taxonomy/check/1",
    verdict: outcome.verdict,
    exitCode: EXIT_CODES[outcome.verdict],
    reasons: outcome.reasons,
    baseline: {
      name: parts.baselineName,
      runs: baseline.map(({ id }) => id),
      machineKey: newest.host.machineKey,
    },
    candidate: {
      id: candidate.id,
      startedAt: candidate.startedAt,
      complete: candidate.complete,
    },
    threshold: parts.threshold,
    confirmation: parts.confirmation,
    counts: {
      judged: judgement.judged.length,
      notJudged: judgement.unjudged.length,
      regressed: outcome.regressed.length,
      improved: outcome.improved.length,
      unconfirmed: outcome.unconfirmed.length,
    },
    differences: differences(newest, candidate),
    states: judgement.states,
    controls: judgement.controls,
    controlsAgain: again?.controls ?? [],
    regressed: worstFirst(outcome.regressed),
    improved: worstFirst(outcome.improved),
    unconfirmed: worstFirst(outcome.unconfirmed),
    judged: judgement.judged,
    notJudged: judgement.unjudged,
    disturbance: parts.disturbance,
    warnings: warningsOf(parts),
  };
}

function worstFirst(cells: readonly JudgedCell[]): JudgedCell[] {
  return cells.toSorted((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)));
}

function warningsOf({ baseline, candidate, judgement }: CheckParts): string[] {
  const found: string[] = [];
  if (baseline.length < ENOUGH_RUNS) {
    found.push(
      `the baseline is ${baseline.length === 1 ? "1 run" : `${baseline.length} runs`}: ` +
        `${ENOUGH_RUNS} or more tell how much runs differ though nothing has changed`,
    );
  }
  for (const run of [...baseline, candidate]) {
    if (!run.complete) found.push(`the run ${run.id} was interrupted and is not complete`);
  }
  if (!candidate.settings.awake) {
    found.push("the CPUs were left to their idle states, which blur figures; measure with --awake");
  }
  if (judgement.controls.length === 0) {
    found.push("no control row is common to both sides: a change of the machine would not show");
  }
  if (judgement.states.length > 1) {
    found.push(
      `the machine had ${judgement.states.length} states (${judgement.states.join("; ")}): ` +
        "trials are compared with trials of the same state, or each is set against its own control",
    );
  }
  return found;
}
