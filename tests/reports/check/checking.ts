/** A whole check of simulated runs: screened, suspects measured again by the same model. @module */
import {
  confirmedBy,
  judge,
  type JudgedCell,
  type Judgement,
  suspectsOf,
} from "../../../reports/check/judge.ts";
import { type Outcome, outcomeOf } from "../../../reports/check/verdict.ts";
import type { RunDocument } from "../../../workloads/runner/document.ts";
import type { Now, Source } from "./synthetic.ts";

export interface Checked {
  judgement: Judgement;
  suspects: JudgedCell[];
  outcome: Outcome;
}

/** Checks what the source's machine is like `now`; the fresh trials are of the same `now`. */
export function checkSource(
  source: Source,
  baseline: readonly RunDocument[],
  now: Now = {},
  threshold = 0.1,
): Checked {
  const judgement = judge(baseline, source.run(now), { threshold });
  const suspects = suspectsOf(judgement);
  if (suspects.length === 0 || judgement.controls.some((row) => row.moved)) {
    return { judgement, suspects, outcome: outcomeOf(judgement, suspects, null) };
  }
  const only = new Map(suspects.map((cell) => [cell.id, cell]));
  const fresh = judge(baseline, source.run({ ...now, trials: 12 }), { threshold, only });
  const confirmation = { judgement: fresh, confirmed: confirmedBy(suspects, fresh) };
  return { judgement, suspects, outcome: outcomeOf(judgement, suspects, confirmation) };
}
