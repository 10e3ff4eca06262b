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
import { currentSecond } from "../../facilities/libc/time.ts";
import { newRunId, RunFolder } from "../../facilities/run_folder.ts";
import type { Host } from "./document.ts";
import { SuiteError } from "./errors.ts";
import {
  FIDELITY_SCHEMA_ID,
  type FidelityCell,
  type FidelityDocument,
  type FidelityGroup,
} from "./fidelity_document.ts";
import { CALLS, type FidelityTarget, type FidelityVisit, GOALS } from "./fidelity_plan.ts";
import { keepAwake } from "./keep_awake.ts";
import type { NativeParticipants, NativeReference } from "./native_reference.ts";
import { comparePerf } from "./perf_bench.ts";
import { createRandom, type Random } from "./random.ts";
import type { SpinnersLink } from "./spinners.ts";
import { estimateInterval, type Interval, median } from "./statistics.ts";
import { runTrial } from "./trial.ts";
import type { CellResult } from "./visit.ts";

/** One side works so long in one half of a round, nanoseconds. */
const TARGET_NS = 4e6;
/** Rounds of a launch. */
const ROUNDS = 6;
/** With fewer launches there is no exact 95 % interval of the median. */
const FEWEST_LAUNCHES = 6;
/** Half the width at which an interval is narrow enough: of a ratio, and in nanoseconds a call. */
const NARROW = { ratio: 0.03, extraNs: 1 };
const MOST_LEAD = 16;

export interface FidelityOptions {
  readonly visits: readonly FidelityVisit[];
  readonly reference: NativeReference;
  readonly host: Host;
  readonly version: string;
  readonly seed: number;
  readonly budgetSeconds: number;
  readonly temporary: string;
  /** Whether the reference itself is held against perf, where that is installed. */
  readonly perf: boolean;
  readonly onProgress?: (progress: FidelityProgress) => void;
  readonly signal?: AbortSignal;
}

export interface FidelityProgress {
  readonly launches: number;
  readonly cellsLeft: number;
  readonly secondsLeft: number;
  readonly facility: string;
}

type Measured = Extract<CellResult, { status: "measured" }>;

/** Compares until every interval is narrow enough, the budget is spent, or the signal says so. */
export async function compareWithNative(options: FidelityOptions): Promise<FidelityDocument> {
  const comparison = new Comparison(options);
  await comparison.run();
  return comparison.document();
}

/** What the launches say of one cell. */
class Compared {
  readonly logRatios: number[] = [];
  readonly extras: number[] = [];
  readonly suiteNs: number[] = [];
  readonly nativeNs: number[] = [];
  readonly operations: number[] = [];
  failure: string | null = null;

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
    if (this.failure !== null) return { ...common, status: "failed", reason: this.failure };
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
  readonly #random: Random;
  readonly #compared = new Map<FidelityTarget, Compared>();
  readonly #startedAt = new Date();
  readonly #started = performance.now();
  readonly #warnings: string[] = [];
  #perf: FidelityDocument["perf"] = null;
  #spinners: SpinnersLink | undefined;
  #launches = 0;

  constructor(options: FidelityOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed);
    for (const target of options.visits.flatMap(({ targets }) => targets)) {
      const compared = new Compared(target);
      const { facility, workload, wait } = target.planned.dimensions;
      if (!options.reference.has(facility, workload, wait)) {
        compared.failure = "the native reference does not have it";
      }
      this.#compared.set(target, compared);
    }
  }

  get #secondsLeft(): number {
    return this.#options.budgetSeconds - (performance.now() - this.#started) / 1000;
  }

  async run(): Promise<void> {
    const { visits, reference, signal, temporary, perf } = this.#options;
    const cpus = [...this.#compared.keys()].flatMap(({ planned }) => planned.task.cpus);
    using folder = new RunFolder(temporary, `fidelity-${newRunId()}`);
    await using awake = await keepAwake(cpus);
    this.#spinners = awake.link;
    if (perf) this.#perf = await comparePerf(reference, cpus[0]!, this.#random);
    for (;;) {
      const open = visits.filter((each) => this.#unsettled(each).length > 0);
      if (open.length === 0) return;
      for (const visit of this.#random.shuffle(open)) {
        if (signal?.aborted) return;
        // Each facility is launched once, however short the budget.
        if (this.#secondsLeft <= 0 && this.#launches >= visits.length) {
          this.#warnings.push(
            `the budget of ${this.#options.budgetSeconds} s ended before every interval was ` +
              "narrow enough; raise --budget",
          );
          return;
        }
        await this.#launch(visit, `${folder.path}/${this.#launches++}`);
      }
    }
  }

  #unsettled({ targets }: FidelityVisit): FidelityTarget[] {
    return targets.filter((target) => !this.#compared.get(target)!.settled(this.#random));
  }

  /** Fresh participants on both sides compare what is still open of one facility. */
  async #launch(fidelity: FidelityVisit, folder: string): Promise<void> {
    const { onProgress, reference, signal } = this.#options;
    const { visit } = fidelity;
    const targets = this.#random.shuffle(this.#unsettled(fidelity));
    onProgress?.({
      launches: this.#launches,
      cellsLeft: this.#options.visits.flatMap((each) => this.#unsettled(each)).length,
      secondsLeft: this.#secondsLeft,
      facility: visit.facility ?? "",
    });
    const turns = targets.flatMap((target) => Array<FidelityTarget>(2 * ROUNDS).fill(target));
    const sides = new Sides(reference);
    try {
      let turn = 0;
      const end = await runTrial({
        facility: visit.facility,
        participants: "process",
        count: 2,
        setups: visit.setups,
        cells: turns.map(({ planned }) => ({ ...planned.task, targetNs: TARGET_NS })),
        folder,
        baseSecond: currentSecond(),
        spinners: this.#spinners,
        stepwise: true,
      }, {
        deadlineMs: 20_000 + 500 * turns.length,
        signal,
        onStep: async (result) => {
          const target = turns[turn++]!;
          const compared = this.#compared.get(target)!;
          if (result.status !== "measured") compared.failure ??= result.reason;
          else {
            const rounds = await sides.take(target, result);
            if (rounds) compared.add(rounds);
          }
        },
      });
      if (end.status === "interrupted") return;
      const problem = end.status === "failed"
        ? end.reason
        : end.report.aborted ?? end.report.unavailable[0]?.message;
      if (problem) this.#lost(targets, problem);
    } catch (error) {
      if (!(error instanceof SuiteError)) throw error;
      this.#lost(targets, error.message);
    } finally {
      await sides[Symbol.asyncDispose]();
    }
  }

  /** A launch that ended early: what it never reached cannot be compared here. */
  #lost(targets: readonly FidelityTarget[], reason: string): void {
    this.#warnings.push(`a launch of ${targets[0]!.planned.dimensions.facility} failed: ${reason}`);
    for (const target of targets) {
      const compared = this.#compared.get(target)!;
      if (compared.logRatios.length === 0) compared.failure ??= reason;
    }
  }

  document(): FidelityDocument {
    const { host, version, reference, seed, budgetSeconds, signal } = this.#options;
    const cells = [...this.#compared.values()]
      .map((each) => each.cell(this.#random))
      .filter((cell) => cell !== null);
    return {
      schema: FIDELITY_SCHEMA_ID,
      startedAt: this.#startedAt.toISOString(),
      durationSeconds: (performance.now() - this.#started) / 1000,
      complete: !signal?.aborted,
      tool: { version, deno: Deno.version.deno, v8: Deno.version.v8 },
      compiler: reference.compiler,
      host,
      settings: { seed, budgetSeconds, awake: true },
      cells,
      groups: groupsOf(cells),
      perf: this.#perf,
      warnings: this.#warnings,
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
