/**
 * Checks of a machine that has changed as a whole: it must be called inconclusive, not regressed.
 *
 * @module
 */
import { SystemCallError } from "../../../facilities/libc/errno.ts";
import { verdictWords } from "../words.ts";
import { BASELINE_RUNS, type Bench, Measuring } from "./bench.ts";
import { startHogs } from "./hogs.ts";
import { limitCpu } from "./quota.ts";

export interface DriftResult {
  readonly what: string;
  readonly checks: number;
  readonly verdicts: Readonly<Record<string, number>>;
  /** Control rows that moved in any of the checks. */
  readonly moved: readonly string[];
  /** Cells called regressed by a check that was not inconclusive. */
  readonly calledRegressed: number;
  /** Why it could not be tried; null where it could. */
  readonly refused: string | null;
}

/** Each way to slow the whole machine down, so many times. */
export async function testDrift(bench: Bench, repeats: number): Promise<DriftResult[]> {
  const measuring = new Measuring(await bench.runOptions());
  const { cpus } = measuring;
  bench.say(`drift: measuring a baseline of ${BASELINE_RUNS} runs`);
  const baseline = await measuring.runs(BASELINE_RUNS);
  const ways: [what: string, slow: () => Promise<AsyncDisposable | Disposable>][] = [
    [`a hog on ${cpus.length === 1 ? "the CPU" : "every CPU"}`, () => startHogs(cpus)],
    // Whatever takes turns on one CPU needs no more than one.
    ["half a CPU's time by a control group", () => Promise.resolve(limitCpu(0.5))],
  ];
  const results: DriftResult[] = [];
  for (const [what, slow] of ways) {
    const verdicts: Record<string, number> = {};
    const moved = new Set<string>();
    let calledRegressed = 0;
    let checks = 0;
    let refused: string | null = null;
    while (checks < repeats && !measuring.interrupted && refused === null) {
      try {
        await using _slower = await slow();
        const checked = await measuring.check(baseline, bench.threshold);
        if (checked === null) break;
        checks++;
        verdicts[checked.verdict] = (verdicts[checked.verdict] ?? 0) + 1;
        for (const row of checked.controls) if (row.moved) moved.add(row.id);
        if (checked.verdict !== "inconclusive") calledRegressed += checked.counts.regressed;
        bench.say(`drift: ${what}, check ${checks} of ${repeats}: ${verdictWords(checked)}`);
      } catch (error) {
        if (!(error instanceof SystemCallError)) throw error;
        refused = error.message;
      }
    }
    results.push({ what, checks, verdicts, moved: [...moved], calledRegressed, refused });
  }
  return results;
}
