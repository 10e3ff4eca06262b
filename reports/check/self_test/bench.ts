/**
 * What the parts of the self-test have in common: how they measure and check.
 *
 * @module
 */
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { limitPlan } from "../../../workloads/runner/limit_plan.ts";
import { measure, type RunOptions } from "../../../workloads/runner/run.ts";
import type { CheckDocument } from "../document.ts";
import { runCheck } from "../run_check.ts";

/** How to measure: what the command line makes of its options. */
export interface Bench {
  readonly threshold: number;
  /** @param sources facilities or modules, instead of those of the command line */
  runOptions(sources?: readonly string[]): Promise<RunOptions>;
  /** Says what goes on. */
  say(line: string): void;
}

/** A run, or several, of given cells; all when absent. */
export class Measuring {
  readonly #options: RunOptions;
  #runs = 0;

  constructor(options: RunOptions, cells?: ReadonlySet<string>) {
    this.#options = cells
      ? { ...options, plan: limitPlan(options.plan, (id) => cells.has(id)) }
      : options;
  }

  get cpus(): number[] {
    const cells = this.#options.plan.visits.flatMap(({ cells }) => cells);
    return [...new Set(cells.flatMap(({ task }) => [...task.cpus, ...task.otherCpus]))];
  }

  /** The options of the next run, with a seed of its own. */
  next(): RunOptions {
    const seed = (this.#options.settings.seed + 2 * this.#runs++) % 2 ** 32;
    return { ...this.#options, settings: { ...this.#options.settings, seed } };
  }

  async run(): Promise<RunDocument> {
    return await measure(this.next());
  }

  async runs(number: number): Promise<RunDocument[]> {
    const runs: RunDocument[] = [];
    for (let run = 0; run < number && !this.interrupted; run++) runs.push(await this.run());
    return runs;
  }

  get interrupted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** Measures and checks; null when interrupted. */
  async check(
    baseline: readonly RunDocument[],
    threshold: number,
  ): Promise<CheckDocument | null> {
    const again = this.next();
    const candidate = await measure(again);
    if (this.interrupted) return null;
    return await runCheck({
      baselineName: null,
      baseline,
      candidate,
      threshold,
      again,
      disturbance: null,
    });
  }
}

/** Runs of the baseline that each part measures first. */
export const BASELINE_RUNS = 5;
