/**
 * Checks of a machine that has not changed: how often a check is wrong when it speaks.
 *
 * @module
 */
import { binomialInterval } from "../../../workloads/runner/statistics.ts";
import { verdictWords } from "../words.ts";
import { BASELINE_RUNS, type Bench, Measuring } from "./bench.ts";
import { startHogs } from "./hogs.ts";

/** Checks of one kind. */
export interface Tally {
  readonly checks: number;
  /** By verdict. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly judgedCells: number;
  /** Cells that looked different at first, and those that fresh trials confirmed. */
  readonly suspects: number;
  readonly falseRegressions: number;
  readonly falseImprovements: number;
}

export interface UnchangedResult {
  readonly quiet: Tally;
  /** With load that comes and goes. */
  readonly loaded: Tally;
  /** Of the judged cells, the share that was called regressed. */
  readonly falseShare: { readonly share: number; readonly interval: [number, number] };
  /** Of all checks, the share with any false regression. */
  readonly falseChecks: { readonly checks: number; readonly interval: [number, number] };
  /** A check without any false alarm bounds their rate at this only, 95 %. */
  readonly bound: number;
}

/** Every so-manieth check is made under load. */
const LOADED_EVERY = 4;
/** Milliseconds that the load comes for and goes for, at most. */
const ON_OFF = [3_000, 6_000] as const;

class Counter {
  #checks = 0;
  readonly #verdicts: Record<string, number> = {};
  readonly #cells = { judged: 0, suspects: 0, regressed: 0, improved: 0 };
  falseChecks = 0;

  add({ verdict, counts }: { verdict: string; counts: Record<string, number> }): void {
    this.#checks++;
    this.#verdicts[verdict] = (this.#verdicts[verdict] ?? 0) + 1;
    // What an inconclusive check found is no alarm, because it says so.
    const spoke = verdict !== "inconclusive";
    const { judged = 0, regressed = 0, improved = 0, unconfirmed = 0 } = counts;
    this.#cells.judged += judged;
    this.#cells.suspects += regressed + improved + unconfirmed;
    this.#cells.regressed += spoke ? regressed : 0;
    this.#cells.improved += spoke ? improved : 0;
    if (spoke && regressed > 0) this.falseChecks++;
  }

  tally(): Tally {
    return {
      checks: this.#checks,
      verdicts: this.#verdicts,
      judgedCells: this.#cells.judged,
      suspects: this.#cells.suspects,
      falseRegressions: this.#cells.regressed,
      falseImprovements: this.#cells.improved,
    };
  }
}

/** Measures a baseline, then checks the unchanged machine so many times. */
export async function testUnchanged(bench: Bench, checks: number): Promise<UnchangedResult> {
  const measuring = new Measuring(await bench.runOptions());
  bench.say(`unchanged: measuring a baseline of ${BASELINE_RUNS} runs`);
  const baseline = await measuring.runs(BASELINE_RUNS);
  const counters = { quiet: new Counter(), loaded: new Counter() };
  for (let number = 1; number <= checks && !measuring.interrupted; number++) {
    const kind = number % LOADED_EVERY === 0 ? "loaded" : "quiet";
    await using _load = kind === "loaded" ? await startHogs(measuring.cpus, ON_OFF) : null;
    const checked = await measuring.check(baseline, bench.threshold);
    if (checked === null) break;
    counters[kind].add({ verdict: checked.verdict, counts: { ...checked.counts } });
    bench.say(`unchanged: check ${number} of ${checks}, ${kind}: ${verdictWords(checked)}`);
  }
  return resultOf(counters.quiet, counters.loaded);
}

function resultOf(quietCounter: Counter, loadedCounter: Counter): UnchangedResult {
  const [quiet, loaded] = [quietCounter.tally(), loadedCounter.tally()];
  const cells = quiet.judgedCells + loaded.judgedCells;
  const wrong = quiet.falseRegressions + loaded.falseRegressions;
  const checks = quiet.checks + loaded.checks;
  const alarms = quietCounter.falseChecks + loadedCounter.falseChecks;
  return {
    quiet,
    loaded,
    falseShare: {
      share: cells > 0 ? wrong / cells : 0,
      interval: cells > 0 ? binomialInterval(wrong, cells) : [0, 1],
    },
    falseChecks: {
      checks: alarms,
      interval: checks > 0 ? binomialInterval(alarms, checks) : [0, 1],
    },
    // The rule of three, exactly: no alarm in n checks has 5 % chance at this rate.
    bound: checks > 0 ? 1 - 0.05 ** (1 / checks) : 1,
  };
}
