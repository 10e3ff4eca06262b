/**
 * The suite against native code: the same cells, alternately, a few milliseconds at a time.
 *
 * Machines change their speed from one second to the next, so both sides are kept alive together and
 * take turns, suite, native, native, suite: one round. A round's figure is the logarithm of the
 * ratio of the two geometric means; a launch (fresh participants on both sides) gives the median of
 * its rounds; the result is the median over launches with an interval over launches. Launches are
 * added until that is narrow enough or the budget ends.
 *
 * @module
 */
import type { Host } from "./document.ts";
import { Executor, type ExecutorOptions } from "./executor.ts";
import {
  FIDELITY_SCHEMA_ID,
  type FidelityCell,
  type FidelityDocument,
  type FidelityGroup,
} from "./fidelity_document.ts";
import { CALLS, type FidelityTarget, type FidelityVisit, GOALS } from "./fidelity_plan.ts";
import { type NativeParticipants, NativeReference } from "./native_reference.ts";
import { comparePerf } from "./perf_bench.ts";
import { createRandom, type Random } from "./random.ts";
import { estimateInterval, type Interval, median } from "./statistics.ts";
import type { CellResult } from "./visit.ts";
import { warning } from "./warning.ts";

/** One side works so long in one half of a round, milliseconds. */
const TARGET_MS = 4;
/** Rounds of a launch. */
const ROUNDS = 6;
/** With fewer launches there is no exact 95 % interval of the median. */
const FEWEST_LAUNCHES = 6;
/** Half the width at which an interval is narrow enough: of a ratio, and in nanoseconds a call. */
const NARROW = { ratio: 0.03, extraNs: 1 };
const MOST_LEAD = 16;

export interface FidelityOptions
  extends Pick<ExecutorOptions, "temporary" | "budgetSeconds" | "onProgress" | "signal"> {
  readonly visits: readonly FidelityVisit[];
  readonly host: Host;
  readonly version: string;
  readonly seed: number;
  /** Whether the reference itself is held against perf, where that is installed. */
  readonly perf: boolean;
}

type Measured = Extract<CellResult, { status: "measured" }>;

/**
 * Compares until every interval is narrow enough, the budget is spent, or the signal says so.
 *
 * @throws {NotComparableError} there is no C compiler on this machine
 * @throws {SuiteError} the compiler refuses the reference
 */
export async function compareWithNative(options: FidelityOptions): Promise<FidelityDocument> {
  const startedAt = new Date();
  const executor = new Executor({ ...options, kind: "fidelity" });
  let comparison: Comparison;
  {
    await using _ = executor;
    const reference = await NativeReference.compile(executor.folder);
    comparison = new Comparison(options, executor, reference);
    await comparison.run();
  }
  return comparison.document(startedAt);
}

/** What the launches say of one cell. */
class Compared {
  readonly logRatios: number[] = [];
  readonly extras: number[] = [];
  readonly suiteNs: number[] = [];
  readonly nativeNs: number[] = [];
  readonly operations: number[] = [];
  /** Why there is no figure, whatever the launches say. */
  failure: string | null = null;
  /** Why a launch was lost; it matters only when no other was finished. */
  lost: string | null = null;

  constructor(readonly target: FidelityTarget) {}

  /** Whether more launches would still make the interval narrower to a purpose. */
  settled(random: Random): boolean {
    if (this.failure !== null) return true;
    if (this.logRatios.length < FEWEST_LAUNCHES) return false;
    if (halfWidth(estimateInterval(this.logRatios, random).interval) <= NARROW.ratio) return true;
    return GOALS[this.target.group].kind === "extra-ns-per-call" &&
      halfWidth(estimateInterval(this.extras, random).interval) <= NARROW.extraNs;
  }

  /** Adds one launch, of which each round has its four figures. */
  add(rounds: readonly Round[]): void {
    this.logRatios.push(
      median(
        rounds.map(({ suite: [a, d], native: [b, c] }) => (Math.log(a / b) + Math.log(d / c)) / 2),
      ),
    );
    this.extras.push(
      median(rounds.map(({ suite: [a, d], native: [b, c] }) => (a + d - b - c) / 2 / CALLS)),
    );
    this.suiteNs.push(...rounds.flatMap(({ suite }) => suite));
    this.nativeNs.push(...rounds.flatMap(({ native }) => native));
    this.operations.push(...rounds.map(({ operations }) => operations));
  }

  cell(random: Random): FidelityCell | null {
    const { planned: { dimensions }, group } = this.target;
    const { id, facility, workload, sizeBytes, placement, wait } = dimensions;
    const common = {
      id,
      group,
      facility,
      workload,
      ...(sizeBytes !== undefined && { sizeBytes }),
      placement,
      ...(wait && { wait }),
    };
    const failure = this.failure ?? (this.logRatios.length === 0 ? this.lost : null);
    if (failure !== null) return { ...common, status: "failed", reason: failure };
    if (this.logRatios.length === 0) return null;
    const { estimate, interval, method } = estimateInterval(this.logRatios, random);
    const ratio = Math.exp(estimate);
    const goal = GOALS[group];
    const extra = estimateInterval(this.extras, random);
    return {
      ...common,
      status: "measured",
      suiteNs: median(this.suiteNs),
      nativeNs: median(this.nativeNs),
      ratio,
      ratioCi95: [Math.exp(interval[0]), Math.exp(interval[1])],
      ...(goal.kind === "extra-ns-per-call" && {
        extraNsPerCall: extra.estimate,
        extraNsPerCallCi95: extra.interval,
      }),
      ciMethod: method,
      launches: this.logRatios.length,
      rounds: this.operations.length,
      operations: Math.round(median(this.operations)),
      goal,
      reached: (goal.kind === "ratio" ? ratio : extra.estimate) <= goal.most,
    };
  }
}

function halfWidth([low, high]: Interval): number {
  return (high - low) / 2;
}

/** Nanoseconds an operation, in the order suite, native, native, suite. */
interface Round {
  readonly suite: readonly [first: number, last: number];
  readonly native: readonly [number, number];
  readonly operations: number;
}

class Comparison {
  readonly #options: FidelityOptions;
  readonly #executor: Executor;
  readonly #reference: NativeReference;
  readonly #random: Random;
  readonly #compared = new Map<FidelityTarget, Compared>();
  #perf: FidelityDocument["perf"] = null;

  constructor(options: FidelityOptions, executor: Executor, reference: NativeReference) {
    this.#options = options;
    this.#executor = executor;
    this.#reference = reference;
    this.#random = createRandom(options.seed);
    for (const target of options.visits.flatMap(({ targets }) => targets)) {
      const compared = new Compared(target);
      const { facility, workload, wait } = target.planned.dimensions;
      if (!reference.has(facility, workload, wait)) {
        compared.failure = "the native reference does not have it";
      }
      this.#compared.set(target, compared);
    }
  }

  async run(): Promise<void> {
    const { visits, perf, signal } = this.#options;
    const { schedule, warnings } = this.#executor;
    const cpus = [...this.#compared.keys()].flatMap(({ planned }) => planned.task.cpus);
    await this.#executor.keepAwake(cpus);
    if (perf) this.#perf = await comparePerf(this.#reference, cpus[0]!, this.#random, signal);
    for (;;) {
      const open = visits.filter((each) => this.#launchesLeft(each) > 0);
      if (open.length === 0) return;
      for (const visit of this.#random.shuffle(open)) {
        if (this.#executor.isInterrupted) return;
        // Each facility is launched once, however short the budget.
        if (schedule.budgetLeftMs <= 0 && this.#executor.trials >= visits.length) {
          warnings.push(warning(
            "budget-ended",
            `the budget of ${this.#options.budgetSeconds} s ended before every interval was ` +
              "narrow enough; raise --budget",
          ));
          return;
        }
        await this.#launch(visit);
      }
    }
  }

  #unsettled({ visit, targets }: FidelityVisit): FidelityTarget[] {
    if (this.#executor.isGivenUp(visit)) return [];
    return targets.filter((target) => !this.#compared.get(target)!.settled(this.#random));
  }

  /** At least so many launches are still to come. */
  #launchesLeft(visit: FidelityVisit): number {
    const missing = this.#unsettled(visit)
      .map((target) => FEWEST_LAUNCHES - this.#compared.get(target)!.logRatios.length);
    return missing.length === 0 ? 0 : Math.max(1, ...missing);
  }

  /** Fresh participants on both sides compare what is still open of one facility. */
  async #launch(fidelity: FidelityVisit): Promise<void> {
    const { visit } = fidelity;
    const targets = this.#random.shuffle(this.#unsettled(fidelity));
    const turns = targets.flatMap((target) => Array<FidelityTarget>(2 * ROUNDS).fill(target));
    const byId = new Map(targets.map((target) => [target.planned.dimensions.id, target]));
    await using sides = new Sides(this.#reference);
    const { status, missed } = await this.#executor.execute({
      visit,
      cells: turns.map(({ planned }) => planned),
      targetMs: TARGET_MS,
      trialsLeft: this.#options.visits.reduce((sum, each) => sum + this.#launchesLeft(each), 0),
      secondsLeft: this.#executor.schedule.budgetLeftMs / 1000,
      onStep: async (result) => {
        const target = byId.get(result.id)!;
        const compared = this.#compared.get(target)!;
        if (result.status !== "measured") compared.failure ??= result.reason;
        else {
          const rounds = await sides.take(target, result);
          if (rounds) compared.add(rounds);
        }
      },
    });
    for (const { id, reason } of missed) {
      const compared = this.#compared.get(byId.get(id)!)!;
      if (status === "lost") compared.lost ??= reason;
      // What was never reached, though the launch was finished, is not to be had here.
      else if (compared.logRatios.length === 0) compared.failure ??= reason;
    }
  }

  document(startedAt: Date): FidelityDocument {
    const { host, version, seed, budgetSeconds } = this.#options;
    const cells = [...this.#compared.values()]
      .map((each) => each.cell(this.#random))
      .filter((cell) => cell !== null);
    return {
      schema: FIDELITY_SCHEMA_ID,
      startedAt: startedAt.toISOString(),
      durationSeconds: this.#executor.seconds,
      complete: !this.#executor.isInterrupted,
      tool: { version, deno: Deno.version.deno, v8: Deno.version.v8 },
      compiler: this.#reference.compiler,
      host,
      settings: { seed, budgetSeconds, awake: true },
      cells,
      groups: groupsOf(cells),
      perf: this.#perf,
      warnings: this.#executor.warnings.map(({ text }) => text),
    };
  }
}

/** Puts the results of the suite and of the reference together, a cell at a time. */
class Sides implements AsyncDisposable {
  readonly #reference: NativeReference;
  #native: NativeParticipants | null = null;
  #first: number | null = null;
  #between: [number, number] = [0, 0];
  #rounds: Round[] = [];

  constructor(reference: NativeReference) {
    this.#reference = reference;
  }

  /** Takes the suite's next figure; returns all rounds with the last of a cell. */
  async take(target: FidelityTarget, result: Measured): Promise<readonly Round[] | null> {
    const suite = nanosecondsOf(target, result.estimate);
    const { operations, batch } = result;
    if (this.#first === null) {
      this.#native ??= this.#start(target);
      const once = async () => {
        const lead = Math.min(MOST_LEAD, operations >> 4);
        const { estimate } = await this.#native!.run(operations, lead, batch);
        return nanosecondsOf(target, estimate);
      };
      this.#first = suite;
      await once(); // as the suite has its pilots
      this.#between = [await once(), await once()];
      return null;
    }
    this.#rounds.push({ suite: [this.#first, suite], native: this.#between, operations });
    this.#first = null;
    if (this.#rounds.length < ROUNDS) return null;
    const rounds = this.#rounds;
    this.#rounds = [];
    await this.#end();
    return rounds;
  }

  #start({ planned: { task, dimensions }, largest }: FidelityTarget): NativeParticipants {
    const { facility, workload, wait } = dimensions;
    const { length, cpus } = task;
    return this.#reference.start({ facility, workload, length, largest, cpus, wait });
  }

  async #end(): Promise<void> {
    await this.#native?.[Symbol.asyncDispose]();
    this.#native = null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end();
  }
}

/** Nanoseconds an operation, also where the cell's unit is bytes a second. */
function nanosecondsOf({ planned: { workload, task } }: FidelityTarget, estimate: number): number {
  return workload.figure === "latency" ? estimate : task.length * 1e9 / estimate;
}

function groupsOf(cells: readonly FidelityCell[]): FidelityDocument["groups"] {
  const measured = cells.filter((cell) => cell.status === "measured");
  return (Object.keys(GOALS) as FidelityGroup[]).flatMap((group) => {
    const all = measured.filter((cell) => cell.group === group);
    if (all.length === 0) return [];
    const worst = all.reduce((a, b) => b.ratio > a.ratio ? b : a);
    const logs = all.map(({ ratio }) => Math.log(ratio));
    return [{
      group,
      cells: all.length,
      reached: all.filter(({ reached }) => reached).length,
      geometricMean: Math.exp(logs.reduce((sum, each) => sum + each, 0) / all.length),
      worst: { id: worst.id, ratio: worst.ratio },
    }];
  });
}
