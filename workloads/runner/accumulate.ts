/**
 * What the trials of a cell add up to: its estimate, interval, percentiles, cost and warnings.
 *
 * @module
 */
import type { Usage } from "../../facilities/libc/sys_resource.ts";
import type { Cell, Cost, MeasuredCell, Trial, Warning } from "./document.ts";
import { ENOUGH_TRIALS, warningsOf } from "./cell_warnings.ts";
import { createHistogram, type Histogram } from "./histogram.ts";
import type { PlannedCell } from "./plan.ts";
import type { Random } from "./random.ts";
import type { Choice, LikeWithLike } from "./like_with_like.ts";
import { TrialLog } from "./trial_log.ts";
import { estimateInterval, estimateRate, type Interval, median } from "./statistics.ts";
import type { CellResult } from "./visit.ts";
import { warning } from "./warning.ts";

/** Controls of one trial that differ by more than this say that the machine changed meanwhile. */
const CONTROLS_DIFFER = 1.25;
/** Enough to tell a narrow interval from a wide one. */
const FEW_RESAMPLES = 199;

type Measured = Extract<CellResult, { status: "measured" }>;

/** What a cell's figures need of the run around it. */
export interface Context {
  readonly random: Random;
  readonly like: LikeWithLike;
  /** The smallest step of the clock, nanoseconds. */
  readonly clockStepNs: number;
}

/** Gathers the trials of one cell. */
export class Accumulator {
  readonly planned: PlannedCell;
  /** Null where no single latencies are taken. */
  readonly #histogram: Histogram | null;
  readonly #log = new TrialLog();
  readonly #used: Usage = {
    cpuNs: 0,
    minorFaults: 0,
    voluntarySwitches: 0,
    involuntarySwitches: 0,
  };
  /** Null where there is no moment at which an operation should have begun. */
  readonly #uncorrected: Histogram | null;
  readonly #fairness: number[] = [];
  readonly #rates: { offered: number; achieved: number }[] = [];
  #declared: number | null = null;
  #operations = 0;
  /** Half of the interval relative to the estimate, as last looked at. */
  #width = Infinity;
  #lost = 0;
  #batch = 1;
  /** Why a trial was lost; it matters only when no other trial was finished. */
  #failure: string | null = null;
  /** A facility that once delivered wrong data has no figure, whatever the other trials say. */
  #wrong: string | null = null;
  #unavailable: string | null = null;

  private constructor(
    planned: PlannedCell,
    histogram: Histogram | null,
    uncorrected: Histogram | null,
  ) {
    this.planned = planned;
    this.#histogram = histogram;
    this.#uncorrected = uncorrected;
  }

  /** @param packed whether its histograms are to need little memory */
  static async create(planned: PlannedCell, packed = false): Promise<Accumulator> {
    const { figure, pace } = planned.workload;
    return new Accumulator(
      planned,
      figure === "latency" ? await createHistogram(packed) : null,
      pace === "schedule" ? await createHistogram(packed) : null,
    );
  }

  get trials(): readonly Trial[] {
    return this.#log.list();
  }

  /** Adds what one trial says of the cell; `marks` say why the trial is suspect. */
  add(result: CellResult, marks: readonly Warning[] = []): void {
    if (result.status === "failed") {
      this.#wrong ??= result.reason;
      return;
    }
    if (result.status === "not-applicable") return this.lack(result.reason);
    if (result.lost > 0 && !this.planned.lossy) {
      this.#wrong ??= `${result.lost} messages were sent and never received`;
      return;
    }
    if (!isFigure(result, this.planned.workload.figure)) {
      return this.fail(
        `a trial gives no figure: ${result.operations} operations in ${result.seconds} s, ` +
          `estimate ${result.estimate}`,
      );
    }
    this.#log.push(trialOf(result, marks));
    this.#histogram?.record(decoded(result.samples));
    if (result.uncorrected) this.#uncorrected?.record(decoded(result.uncorrected));
    this.#declared = result.declared ?? this.#declared;
    if (result.offeredPerSecond && result.achievedPerSecond) {
      this.#rates.push({ offered: result.offeredPerSecond, achieved: result.achievedPerSecond });
    }
    for (const field of Object.keys(this.#used) as (keyof Usage)[]) {
      this.#used[field] += result.used[field];
    }
    this.#operations += result.operations;
    this.#lost += result.lost;
    this.#batch = Math.max(this.#batch, result.batch);
    if (result.shares.length > 1) {
      this.#fairness.push(Math.min(...result.shares) / Math.max(...result.shares));
    }
  }

  /** Notes that a trial could not be finished. */
  fail(reason: string): void {
    this.#failure ??= reason;
  }

  /** Notes that this machine lacks what the cell needs. */
  lack(reason: string): void {
    this.#unavailable ??= reason;
  }

  /** Looks how wide the interval is by now. */
  judge({ random, like }: Context): void {
    if (this.#log.length < ENOUGH_TRIALS) return;
    const all = this.trials;
    const trials = this.#choose(all, like)?.trials ?? all;
    const { estimate, interval } = this.#estimate(trials, random, FEW_RESAMPLES);
    this.#width = estimate === 0 ? 0 : (interval[1] - interval[0]) / 2 / estimate;
  }

  /** About how many trials more will narrow half the interval to a share of the estimate. */
  trialsTo(share: number): number {
    // What is not there, or wrong, does not become better.
    if (this.#unavailable !== null || this.#wrong !== null) return 0;
    if (this.#width <= share) return 0;
    if (this.#width === Infinity) return Infinity;
    const needed = this.#log.length * (this.#width / share) ** 2;
    return Math.max(1, Math.ceil(needed) - this.#log.length);
  }

  /** The cell as the run document has it; null when no trial reached it. */
  cell({ random, like, clockStepNs }: Context): Cell | null {
    const { dimensions } = this.planned;
    if (this.#unavailable !== null) {
      return {
        ...dimensions,
        status: "not-applicable",
        reason: this.#unavailable,
        warnings: [],
      };
    }
    const failure = this.#wrong ?? (this.#log.length === 0 ? this.#failure : null);
    if (failure !== null) return { ...dimensions, status: "failed", reason: failure, warnings: [] };
    if (this.#log.length === 0) return null;
    const all = this.trials;
    const choice = this.#choose(all, like);
    const trials = choice?.trials ?? all;
    const { estimate, interval, method } = this.#estimate(trials, random);
    const percentiles = this.#histogram?.percentiles();
    const measured: MeasuredCell = {
      ...dimensions,
      status: "measured",
      estimate,
      ci95: interval,
      ciMethod: method,
      ...(choice && { basis: choice.basis }),
      ...(choice && this.#rawBeside(choice, all, random)),
      trials: all.map((trial) => withState(trial, like)),
      // Nothing may have fitted: a cost an operation needs one.
      ...(this.#operations > 0 && { cost: this.#cost() }),
      batch: this.#batch,
      warnings: this.#warnings(all, trials, estimate, interval, clockStepNs),
    };
    if (percentiles) {
      measured.percentiles = percentiles;
      measured.histogram = this.#histogram!.encode();
    }
    const uncorrected = this.#uncorrected?.percentiles();
    if (uncorrected) measured.uncorrected = uncorrected;
    if (this.#declared !== null) measured.declared = this.#declared;
    const pace = this.#pace();
    if (pace) {
      measured.offeredPerSecond = pace.offered;
      measured.achievedPerSecond = pace.achieved;
    }
    if (this.#lost > 0) measured.lost = this.#lost;
    if (this.#fairness.length > 0) measured.fairness = median(this.#fairness);
    return measured;
  }

  /** Which trials the figure rests on; the control rows are what the states are told by. */
  #choose(all: readonly Trial[], like: LikeWithLike): Choice | null {
    const { dimensions, workload } = this.planned;
    if (dimensions.control || workload.figure === "amount") return null;
    return like.choose(all, workload.unit);
  }

  #rawBeside(
    { basis, trials }: Choice,
    all: readonly Trial[],
    random: Random,
  ): Pick<MeasuredCell, "raw"> {
    if (basis === "mixed" || basis === "one-state" && trials.length === all.length) {
      return {};
    }
    const { estimate, interval } = this.#estimate(all, random);
    return { raw: { estimate, ci95: interval } };
  }

  #estimate(trials: readonly Trial[], random: Random, resamples?: number) {
    const { workload, task } = this.planned;
    if (workload.figure !== "rate") {
      return estimateInterval(trials.map((trial) => trial.estimate), random);
    }
    const perOperation = workload.unit === "bytes/s" ? task.length : 1;
    return estimateRate(
      trials.map(({ operations, seconds }) => ({
        amount: operations * perOperation,
        seconds,
      })),
      random,
      resamples,
    );
  }

  /** Messages a second, where they were sent at a given rate. */
  #pace(): { offered: number; achieved: number } | null {
    if (this.#rates.length === 0) return null;
    return {
      offered: median(this.#rates.map(({ offered }) => offered)),
      achieved: median(this.#rates.map(({ achieved }) => achieved)),
    };
  }

  #cost(): Cost {
    const each = (value: number) => value / this.#operations;
    return {
      cpuNsPerOp: each(this.#used.cpuNs),
      voluntarySwitchesPerOp: each(this.#used.voluntarySwitches),
      involuntarySwitchesPerOp: each(this.#used.involuntarySwitches),
      minorFaultsPerOp: each(this.#used.minorFaults),
    };
  }

  #warnings(
    all: readonly Trial[],
    trials: readonly Trial[],
    estimate: number,
    interval: Interval,
    clockStepNs: number,
  ): Warning[] {
    const { remark, workload } = this.planned;
    return [
      ...(remark ? [warning("remark", remark)] : []),
      ...warningsOf({
        trials: trials.map((trial) => trial.estimate),
        marks: all.map(({ marks }) => marks ?? []),
        estimate,
        interval,
        pace: this.#pace(),
        batch: workload.figure === "latency" ? this.#batch : 1,
        clockStepNs,
      }),
    ];
  }
}

/** Whether what a trial measured is a number, and of a rate one that others can be added to. */
function isFigure({ estimate, operations, seconds }: Measured, figure: string): boolean {
  return Number.isFinite(estimate) && estimate >= 0 &&
    (figure !== "rate" || operations > 0 && seconds > 0);
}

function trialOf(result: Measured, marks: readonly Warning[]): Trial {
  const { clockNs, syscallNs } = result.controls;
  const differs = ([before, after]: [number, number]) =>
    Math.max(before, after) / Math.min(before, after) > CONTROLS_DIFFER;
  const all = [
    ...marks,
    ...(differs(clockNs) || differs(syscallNs)
      ? [warning("controls-differ", "the controls before and after it differ")]
      : []),
    ...(result.compiled
      ? []
      : [warning("compiled-while-timed", "its code was compiled anew while it was timed")]),
  ];
  return {
    estimate: result.estimate,
    operations: result.operations,
    seconds: result.seconds,
    cpus: [...result.cpus],
    controls: result.controls,
    ...(all.length > 0 && { marks: all }),
  };
}

function withState(trial: Trial, like: LikeWithLike): Trial {
  const state = like.states.length > 0 ? like.stateOf(trial) : null;
  return state === null ? trial : { ...trial, state };
}

function decoded(samples: string): Float32Array {
  return new Float32Array(Uint8Array.fromBase64(samples).buffer);
}
