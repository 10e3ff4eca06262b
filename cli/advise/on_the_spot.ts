/**
 * What a question needs and no run has: measured, or proved, while its asker waits.
 *
 * @module
 */
import { temporaryFolder } from "../../facilities/temporary_folder.ts";
import type { Answer } from "../../reports/advise/answer.ts";
import type { Declaration } from "../../reports/advise/declaration.ts";
import { PATTERNS, type Requirements } from "../../reports/advise/requirements.ts";
import { runClaims } from "../../workloads/claims/run_claims.ts";
import type { Cell, ClaimVerdict, RunDocument } from "../../workloads/runner/document.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { makePlan, planOfFacilities } from "../../workloads/runner/plan.ts";
import { measure } from "../../workloads/runner/run.ts";
import { planInput } from "../bench.ts";
import { CountLine, ProgressLine } from "../progress.ts";
import { tell } from "../standard_streams.ts";
import { VERSION } from "../version.ts";

/** A run, where anything could be measured; and the cells that could not, with the reasons. */
export interface Measured {
  readonly run: RunDocument | null;
  readonly inapplicable: readonly Cell[];
}

/** Measures one comparison: all facilities that will do, at one size and placement, interleaved. */
export async function measureFor(
  { pattern, sizeBytes, needs, placement }: Requirements,
  facilities: readonly string[],
  usualPlacement: string | undefined,
  budgetSeconds: number,
  signal: AbortSignal,
): Promise<Measured> {
  const where = placement ?? usualPlacement ?? "same-cpu";
  const input = await planInput({
    facility: [...facilities],
    workload: [PATTERNS[pattern].workload],
    ...(sizeBytes !== undefined && { size: [sizeBytes] }),
    placement: [where],
    participants: [needs.includes("threads") ? "thread" : "process"],
    profile: "quick",
    budget: budgetSeconds,
    store: false,
    report: false,
  });
  const { visits, inapplicable } = await planOfFacilities(input);
  if (visits.length === 0) return { run: null, inapplicable };
  const { workload } = PATTERNS[pattern];
  tell(`Measuring ${workload}, ${where}, of ${visits.length} that will do ...\n`);
  const plan = await makePlan(input);
  using progress = new ProgressLine();
  const run = await measure({
    plan,
    settings: input.settings,
    host: readHost(),
    label: "advise",
    version: VERSION,
    temporary: temporaryFolder(),
    onProgress: (state) => progress.show(state),
    signal,
  });
  return { run, inapplicable };
}

/** A claim about a facility that an answer rests on. */
export interface ToTry {
  readonly claim: string;
  readonly facility: string;
}

/** The claims that an answer cites and nobody could try so far; of the taxonomy, that is. */
export function claimsToTry(
  { ranked, excluded }: Answer,
  facilities: readonly Declaration[],
): ToTry[] {
  const cited = [
    ...ranked.flatMap(({ facility, claims }) => claims.map((claim) => ({ facility, claim }))),
    ...excluded.flatMap(({ facility, claim }) => claim ? [{ facility, claim }] : []),
  ];
  const within = new Set(facilities.filter(({ beside }) => !beside).map(({ id }) => id));
  return cited.filter(({ facility, claim: { verdict } }) =>
    (verdict === "untried" || verdict === "unknown") && within.has(facility)
  ).map(({ facility, claim }) => ({ facility, claim: claim.id }));
}

/** Makes the experiments, claim by claim. */
export async function prove(
  untried: readonly ToTry[],
  signal: AbortSignal,
): Promise<ClaimVerdict[]> {
  tell(`Trying ${untried.length} claims that no stored run has tried ...\n`);
  using progress = new CountLine("experiment", untried.length);
  const verdicts: ClaimVerdict[] = [];
  for (const [claim, pairs] of Map.groupBy(untried, ({ claim }) => claim)) {
    if (signal.aborted) break;
    const facilities = [...new Set(pairs.map(({ facility }) => facility))];
    const found = await runClaims({
      claims: [claim],
      facilities,
      temporary: temporaryFolder(),
      signal,
      onProgress: (_, done) => progress.show(verdicts.length + done),
    });
    verdicts.push(...found);
  }
  return verdicts;
}
