/**
 * Comparing like with like: which of a cell's trials its figure rests on, where the machine switched
 * between states during the run.
 *
 * A state scales everything at once, so that a cell whose trials happened to fall into the slow one
 * would look slow beside the others. Either enough trials fall into the state that most of the run
 * was in, and the figure is theirs alone; or, on one CPU, each trial is set against its own
 * control. Across CPUs a control says little of what a wake-up costs, and trials stay mixed.
 *
 * @module
 */
import type { Controls, Trial } from "./document.ts";
import { recogniseStates, type States } from "./states.ts";
import { median } from "./statistics.ts";

/** What a cell's figure rests on. */
export interface Choice {
  readonly basis: "one-state" | "normalised" | "mixed";
  /** Those of one state, or all, set against their own controls where they are normalised. */
  readonly trials: readonly Trial[];
}

/** One state of the machine: what its controls took, and how many trials were measured in it. */
export interface StateCount {
  readonly name: string;
  readonly trials: number;
}

/** With fewer trials in all, a few slow ones would pass for a state. */
const ENOUGH_TO_TELL = 30;
/** With fewer trials there is no exact 95 % interval of the median. */
const ENOUGH_TRIALS = 6;

/** The states of a run's trials. */
export class LikeWithLike {
  readonly #states: States;
  readonly #counts: number[];
  /** The state that most trials were in: of those on one CPU, and of those across CPUs. */
  readonly #usual: readonly [together: number, across: number];
  readonly #control: "clockNs" | "syscallNs";
  readonly #centre: number;

  constructor(trials: readonly Trial[]) {
    this.#states = recogniseStates(trials.length < ENOUGH_TO_TELL ? [] : trials);
    const own = trials.map((trial) => this.stateOf(trial));
    this.#counts = this.#states.names.map((_, state) =>
      own.filter((each) => each === state).length
    );
    const usual = (across: boolean) => {
      const counts = this.#states.names.map((_, state) =>
        trials.filter((trial, at) => own[at] === state && isAcross(trial) === across).length
      );
      return counts.indexOf(Math.max(...counts));
    };
    this.#usual = [usual(false), usual(true)];
    const levels = (control: "clockNs" | "syscallNs") =>
      this.#states.names.map((_, state) => {
        const readings = trials.filter((_, at) => own[at] === state)
          .flatMap(({ controls }) => controls?.[control] ?? []);
        return readings.length > 0 ? median(readings) : NaN;
      });
    const spread = (control: "clockNs" | "syscallNs") => {
      const known = levels(control).filter((level) => level > 0);
      return Math.max(...known) / Math.min(...known);
    };
    this.#control = spread("syscallNs") >= spread("clockNs") ? "syscallNs" : "clockNs";
    this.#centre = levels(this.#control)[this.#usual[0]] ?? NaN;
  }

  /** The states, the commonest first; empty where the machine kept one. */
  get states(): StateCount[] {
    if (this.#states.names.length < 2) return [];
    return this.#states.names.map((name, state) => ({ name, trials: this.#counts[state]! }));
  }

  /** Index of a trial's state; null where it changed during the trial. */
  stateOf(trial: Trial): number | null {
    return this.#states.of(trial);
  }

  /** What a cell's figure should rest on; null where the machine kept one state. */
  choose(trials: readonly Trial[], unit: string): Choice | null {
    if (this.#states.names.length < 2 || trials.length === 0) return null;
    const across = isAcross(trials[0]!);
    const usual = this.#usual[across ? 1 : 0];
    const alike = trials.filter((trial) => this.stateOf(trial) === usual);
    if (alike.length === trials.length || alike.length >= ENOUGH_TRIALS) {
      return { basis: "one-state", trials: alike };
    }
    const factors = trials.map(({ controls }) => this.#factor(controls));
    if (across || factors.some((factor) => !(factor > 0 && factor < Infinity))) {
      return { basis: "mixed", trials };
    }
    return {
      basis: "normalised",
      trials: trials.map((trial, at) => scaled(trial, factors[at]!, unit)),
    };
  }

  /** By how much a trial's own control was above that of the usual state. */
  #factor(controls: Controls | undefined): number {
    const reading = controls?.[this.#control];
    return reading ? Math.sqrt(reading[0] * reading[1]) / this.#centre : NaN;
  }
}

/** Whether a trial's participants were on different CPUs. */
function isAcross({ controls }: Trial): boolean {
  return controls?.spinNs !== undefined;
}

/** The trial as it would have been had everything taken `factor` times less. */
function scaled(trial: Trial, factor: number, unit: string): Trial {
  const estimate = unit === "ns" ? trial.estimate / factor : trial.estimate * factor;
  return { ...trial, estimate, seconds: trial.seconds / factor };
}
