/**
 * Run documents whose truth is known: figures drawn from a model of how machines behave.
 *
 * A figure is its cell's true cost × what the run moved it by × what the trial moved it by × what the
 * state of the machine multiplies everything with; all but the last are log-normal.
 *
 * @module
 */
import type { Cell, MeasuredCell, RunDocument, Trial } from "../../../workloads/runner/document.ts";
import { createRandom, type Random } from "../../../workloads/runner/random.ts";
import { median } from "../../../workloads/runner/statistics.ts";
import { sampleRun } from "../../workloads/runner/sample_run.ts";

export interface Machine {
  /** Standard deviation of the logarithm from run to run, of each cell by itself. @default 0.02 */
  runSpread?: number;
  /** And from trial to trial. @default 0.04 */
  trialSpread?: number;
  /** Measured cells that are no control rows. @default 40 */
  cells?: number;
  trials?: number;
  /** Each trial is in one of these states, which multiply everything. @default [1] */
  states?: readonly number[];
}

export interface Now {
  id?: string;
  /** Of the cells that `slow` names (all when absent), how many times slower they are. */
  times?: number;
  slow?: readonly string[];
  /** How many times slower the whole machine is, control rows and controls included. */
  machine?: number;
  /** How many times longer the control rows' windows take, their medians unmoved. */
  stolen?: number;
  /** The state of every trial; drawn when absent. */
  state?: number;
  trials?: number;
}

/** Draws runs of one machine. */
export class Source {
  readonly random: Random;
  readonly #machine: Required<Machine>;
  #runs = 0;

  constructor(seed: number, machine: Machine = {}) {
    this.random = createRandom(seed);
    this.#machine = {
      runSpread: 0.02,
      trialSpread: 0.04,
      cells: 40,
      trials: 6,
      states: [1],
      ...machine,
    };
  }

  get ids(): string[] {
    return Array.from({ length: this.#machine.cells }, (_, index) => cellId(index));
  }

  baseline(runs = 5): RunDocument[] {
    return Array.from({ length: runs }, () => this.run());
  }

  run(now: Now = {}): RunDocument {
    const number = ++this.#runs;
    const sample = sampleRun({
      id: now.id ?? `run-${number}`,
      startedAt: new Date(Date.UTC(2026, 2, 1) + number * 3_600_000).toISOString(),
    });
    const cells = this.ids.map((id, index) => this.#cell(id, index, now));
    const controls = ["null-call", "null-syscall", "clock"].map((workload, index) =>
      this.#control(workload, 20 * (index + 1), now)
    );
    return { ...sample, cells: [...controls, ...cells] };
  }

  #cell(id: string, index: number, now: Now): Cell {
    const slower = now.slow === undefined || now.slow.includes(id) ? now.times ?? 1 : 1;
    // Every fourth one is a rate.
    const higher = index % 4 === 3;
    const truth = (1_000 + 100 * index) * slower * (now.machine ?? 1);
    const trials = this.#trials(truth, now, 1);
    return cellOf(
      id,
      higher,
      trials.map((trial) => higher ? { ...trial, estimate: 1e9 / trial.estimate } : trial),
    );
  }

  #control(workload: string, truth: number, now: Now): MeasuredCell {
    const trials = this.#trials(truth * (now.machine ?? 1), now, now.stolen ?? 1);
    return {
      ...cellOf(`${workload}/control/same-cpu/process/1`, false, trials),
      facility: "control",
      workload,
      control: true,
    };
  }

  #trials(truth: number, now: Now, stolen: number): Trial[] {
    const { runSpread, trialSpread, states } = this.#machine;
    const run = Math.exp(runSpread * this.normal());
    return Array.from({ length: now.trials ?? this.#machine.trials }, () => {
      const factor = states[now.state ?? this.random.integer(states.length)]!;
      const estimate = truth * run * factor * Math.exp(trialSpread * this.normal());
      const operations = 100_000;
      const control = (value: number): [number, number] => {
        const level = value * factor * (now.machine ?? 1);
        return [
          level * Math.exp(0.02 * this.normal()),
          level * Math.exp(0.02 * this.normal()),
        ];
      };
      return {
        estimate,
        operations,
        seconds: estimate * operations / 1e9 * stolen * Math.exp(0.01 * this.normal()),
        cpus: [0, 0],
        controls: { clockNs: control(16), syscallNs: control(215) },
      };
    });
  }

  /** A standard normal number, by Box and Muller. */
  normal(): number {
    const [u, v] = [1 - this.random.next(), this.random.next()];
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  }
}

export function cellId(index: number): string {
  return `round-trip/facility-${index}/64/same-cpu/process/2`;
}

function cellOf(id: string, higher: boolean, trials: Trial[]): MeasuredCell {
  const estimates = trials.map(({ estimate }) => estimate);
  return {
    id,
    facility: id.split("/")[1]!,
    workload: "round-trip",
    sizeBytes: 64,
    placement: "same-cpu",
    participants: "process",
    count: 2,
    awake: true,
    unit: higher ? "ops/s" : "ns",
    better: higher ? "higher" : "lower",
    status: "measured",
    estimate: median(estimates),
    ci95: [Math.min(...estimates), Math.max(...estimates)],
    ciMethod: "order-statistics",
    trials,
    warnings: [],
  };
}
