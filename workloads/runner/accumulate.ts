/**
 * What the trials of a cell add up to: its estimate, interval, percentiles, cost and warnings.
 *
 * @module
 */
import type { Usage } from "../../facilities/libc/sys_resource.ts";
import type { Cell, Cost, MeasuredCell, Trial } from "./document.ts";
import { createHistogram, type Histogram } from "./histogram.ts";
import type { PlannedCell } from "./plan.ts";
import type { Random } from "./random.ts";
import { dipTest, drift, estimateInterval, estimateRate, median, outliers } from "./statistics.ts";
import type { CellResult } from "./visit.ts";

/** With fewer trials there is no exact 95 % interval of the median. */
const ENOUGH_TRIALS = 6;
/** Controls of one trial that differ by more than this say that the machine changed meanwhile. */
const CONTROLS_DIFFER = 1.25;
const SIGNIFICANT = 0.01;
/** Enough to tell a narrow interval from a wide one. */
const FEW_RESAMPLES = 199;
/** A share of the offered rate that counts as reached. */
const KEPT_UP = 0.95;

type Measured = Extract<CellResult, { status: "measured" }>;

/** Gathers the trials of one cell. */
export class Accumulator {
  readonly planned: PlannedCell;
  readonly #histogram: Histogram;
  readonly #trials: Trial[] = [];
  readonly #used: Usage = {
    cpuNs: 0,
    minorFaults: 0,
    voluntarySwitches: 0,
    involuntarySwitches: 0,
  };
  readonly #uncorrected: Histogram;
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

  private constructor(planned: PlannedCell, histogram: Histogram, uncorrected: Histogram) {
    this.planned = planned;
    this.#histogram = histogram;
    this.#uncorrected = uncorrected;
  }

  static async create(planned: PlannedCell): Promise<Accumulator> {
    return new Accumulator(planned, await createHistogram(), await createHistogram());
  }

  get trials(): number {
    return this.#trials.length;
  }

  /** Adds what one trial says of the cell. */
  add(result: CellResult): void {
    if (result.status === "failed") {
      this.#wrong ??= result.reason;
      return;
    }
    if (result.status === "not-applicable") return this.lack(result.reason);
    if (result.lost > 0 && !this.planned.lossy) {
      this.#wrong ??= `${result.lost} messages were sent and never received`;
      return;
    }
    this.#trials.push(trialOf(result));
    if (this.planned.workload.figure === "latency") {
      this.#histogram.record(decoded(result.samples));
      if (result.uncorrected) this.#uncorrected.record(decoded(result.uncorrected));
    }
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
  judge(random: Random): void {
    if (this.#trials.length < ENOUGH_TRIALS) return;
    const { estimate, interval } = this.#estimate(random, FEW_RESAMPLES);
    this.#width = (interval[1] - interval[0]) / 2 / estimate;
  }

  /** About how many trials more will narrow half the interval to a share of the estimate. */
  trialsTo(share: number): number {
    // What is not there, or wrong, does not become better.
    if (this.#unavailable !== null || this.#wrong !== null) return 0;
    if (this.#width <= share) return 0;
    const needed = this.#trials.length * (this.#width / share) ** 2;
    return Math.max(1, Math.ceil(needed) - this.#trials.length);
  }

  /** The cell as the run document has it; null when no trial reached it. */
  cell(random: Random, clockStepNs: number): Cell | null {
    const { dimensions } = this.planned;
    if (this.#unavailable !== null) {
      return {
        ...dimensions,
        status: "not-applicable",
        reason: this.#unavailable,
        warnings: [],
      };
    }
    const failure = this.#wrong ?? (this.#trials.length === 0 ? this.#failure : null);
    if (failure !== null) return { ...dimensions, status: "failed", reason: failure, warnings: [] };
    if (this.#trials.length === 0) return null;
    const { estimate, interval, method } = this.#estimate(random);
    const percentiles = this.#histogram.percentiles();
    const measured: MeasuredCell = {
      ...dimensions,
      status: "measured",
      estimate,
      ci95: interval,
      ciMethod: method,
      trials: this.#trials,
      // Nothing may have fitted: a cost an operation needs one.
      ...(this.#operations > 0 && { cost: this.#cost() }),
      batch: this.#batch,
      warnings: this.#warnings(estimate, interval, clockStepNs),
    };
    if (percentiles) {
      measured.percentiles = percentiles;
      measured.histogram = this.#histogram.encode();
    }
    const uncorrected = this.#uncorrected.percentiles();
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

  #estimate(random: Random, resamples?: number) {
    const { workload, task } = this.planned;
    if (workload.figure !== "rate") {
      return estimateInterval(this.#trials.map((trial) => trial.estimate), random);
    }
    const perOperation = workload.unit === "bytes/s" ? task.length : 1;
    return estimateRate(
      this.#trials.map(({ operations, seconds }) => ({
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

  #warnings(estimate: number, [low, high]: [number, number], clockStepNs: number): string[] {
    const warnings: string[] = [];
    if (this.planned.remark) warnings.push(this.planned.remark);
    const estimates = this.#trials.map((trial) => trial.estimate);
    if (this.#trials.length < ENOUGH_TRIALS) {
      warnings.push(
        `only ${this.#trials.length} trials: the interval does not reach 95 %; raise --budget`,
      );
    }
    const width = (high - low) / 2 / estimate;
    if (width > 0.1) {
      warnings.push(
        `the interval is ±${Math.round(width * 100)} %: quieten the machine or raise --trials`,
      );
    }
    const far = outliers(estimates).filter((label) => label === "far out").length;
    if (far > 0) {
      warnings.push(`${far} of ${estimates.length} trials lie far out; none was dropped`);
    }
    if (estimates.length >= 8 && dipTest(estimates).p < SIGNIFICANT) {
      warnings.push("the trials fall into more than one group: the machine may have changed state");
    }
    if (estimates.length >= 8 && drift(estimates).p < SIGNIFICANT) {
      warnings.push("the trials drift in one direction: let the machine settle and run again");
    }
    const pace = this.#pace();
    if (pace && pace.achieved < KEPT_UP * pace.offered) {
      warnings.push(
        `the rate that was reached is ${Math.round(pace.achieved)} of ${
          Math.round(pace.offered)
        } ` +
          `messages a second: the latency is that of a queue which grows; take a longer gap`,
      );
    }
    if (this.planned.workload.figure === "latency" && this.#batch > 1) {
      const batchNs = this.#batch * estimate;
      if (batchNs < 100 * clockStepNs) {
        warnings.push(`a batch of ${Math.round(batchNs)} ns is under 100 steps of the clock`);
      }
    }
    const marked = this.#trials.filter(({ marks }) => marks?.length).length;
    if (marked * 2 > this.#trials.length) {
      warnings.push(`the controls changed during ${marked} of ${this.#trials.length} trials`);
    }
    return warnings;
  }
}

function trialOf(result: Measured): Trial {
  const { clockNs, syscallNs } = result.controls;
  const trial: Trial = {
    estimate: result.estimate,
    operations: result.operations,
    seconds: result.seconds,
    cpus: [...result.cpus],
    controls: { clockNs, syscallNs },
  };
  const differs = ([before, after]: [number, number]) =>
    Math.max(before, after) / Math.min(before, after) > CONTROLS_DIFFER;
  if (differs(clockNs) || differs(syscallNs)) {
    trial.marks = ["the controls before and after it differ"];
  }
  return trial;
}

function decoded(samples: string): Float32Array {
  return new Float32Array(Uint8Array.fromBase64(samples).buffer);
}
