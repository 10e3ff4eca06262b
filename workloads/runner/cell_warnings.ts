/**
 * What has to be said of a cell's figure, with what would help.
 *
 * @module
 */
import type { Warning } from "./document.ts";
import { dipTest, drift, type Interval, outliers } from "./statistics.ts";
import { warning } from "./warning.ts";

export interface Judged {
  /** The estimates of the trials that the figure rests on, in the order in which they were made. */
  readonly trials: readonly number[];
  /** Why trials are suspect: one list for each trial. */
  readonly marks: readonly (readonly Warning[])[];
  readonly estimate: number;
  readonly interval: Interval;
  /** Messages a second, where they were sent at a given rate. */
  readonly pace: { readonly offered: number; readonly achieved: number } | null;
  /** Operations between two clock readings. */
  readonly batch: number;
  /** The smallest step of the clock, nanoseconds. */
  readonly clockStepNs: number;
}

/** With fewer trials there is no exact 95 % interval of the median. */
export const ENOUGH_TRIALS = 6;
/** Half the interval over the estimate, above which it is worth a word. */
const WIDE = 0.1;
/** Trials from which on their order and their groups can be tested. */
const TESTABLE = 8;
const SIGNIFICANT = 0.01;
/** A share of the offered rate that counts as reached. */
const KEPT_UP = 0.95;
/** Steps of the clock that a batch should last. */
const CLOCK_STEPS = 100;

/** All warnings, the gravest first. */
export function warningsOf(judged: Judged): Warning[] {
  return [interval, disturbed, groups, order, strays, pace, batch].flatMap((look) => look(judged));
}

function interval({ trials, estimate, interval: [low, high] }: Judged): Warning[] {
  if (trials.length < ENOUGH_TRIALS) {
    return [
      warning(
        "few-trials",
        `only ${trials.length} trials: the interval does not reach 95 %; raise --budget`,
      ),
    ];
  }
  const width = (high - low) / 2 / Math.abs(estimate);
  if (!(width > WIDE)) return [];
  return [
    warning(
      "wide-interval",
      `the interval is ±${Math.round(width * 100)} %: quieten the machine or raise --budget`,
    ),
  ];
}

function disturbed({ marks }: Judged): Warning[] {
  const marked = marks.filter((each) => each.length > 0);
  if (marked.length * 2 <= marks.length) return [];
  const kinds = Map.groupBy(marked.flat(), ({ text }) => text);
  const [most] = [...kinds].sort(([, a], [, b]) => b.length - a.length)[0]!;
  return [
    warning(
      "disturbed-trials",
      `${marked.length} of ${marks.length} trials were disturbed (such as: ${most}): ` +
        "see deno task doctor, and measure again",
    ),
  ];
}

function groups({ trials }: Judged): Warning[] {
  if (trials.length < TESTABLE || dipTest(trials).p >= SIGNIFICANT) return [];
  return [
    warning(
      "multimodal",
      "the trials fall into more than one group: measure again, longer, and see which of them lasts",
    ),
  ];
}

function order({ trials }: Judged): Warning[] {
  if (trials.length < TESTABLE || drift(trials).p >= SIGNIFICANT) return [];
  return [
    warning("drift", "the trials drift in one direction: let the machine settle and run again"),
  ];
}

function strays({ trials }: Judged): Warning[] {
  const far = outliers(trials).filter((label) => label === "far out").length;
  if (far === 0) return [];
  return [warning("outliers", `${far} of ${trials.length} trials lie far out; none was dropped`)];
}

function pace({ pace }: Judged): Warning[] {
  if (pace === null || pace.achieved >= KEPT_UP * pace.offered) return [];
  const [achieved, offered] = [pace.achieved, pace.offered].map(Math.round);
  return [
    warning(
      "rate-not-reached",
      `the rate that was reached is ${achieved} of ${offered} messages a second: the latency is ` +
        "that of a queue which grows; take a longer gap",
    ),
  ];
}

function batch({ batch, estimate, clockStepNs }: Judged): Warning[] {
  const lasts = batch * estimate;
  if (batch === 1 || lasts >= CLOCK_STEPS * clockStepNs) return [];
  return [
    warning(
      "short-batch",
      `a batch of ${Math.round(lasts)} ns is under ${CLOCK_STEPS} steps of the clock`,
    ),
  ];
}
