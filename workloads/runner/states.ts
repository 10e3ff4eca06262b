/**
 * The states that a machine switches between, recognised from the controls that every trial measured
 * right before and after itself, so that only trials of one state are compared with each other.
 *
 * @module
 */
import type { Controls, Trial } from "./document.ts";
import { median, quantileOfSorted } from "./statistics.ts";

/** The states among some trials. */
export interface States {
  /** In words, by what their controls took; one entry when the machine kept one state. */
  readonly names: readonly string[];
  /** Index of a trial's state; null when the machine changed during the trial, or tells nothing. */
  of(trial: Trial): number | null;
}

const KINDS = [
  ["clockNs", "clock"],
  ["syscallNs", "system call"],
  ["spinNs", "spin exchange"],
] as const satisfies readonly (readonly [keyof Controls, string])[];

/** Two levels of a control are at least this far apart; the states seen so far were 1.4 and more. */
const LEAST_RATIO = 1.2;
/** A state has at least this share of the trials, and so many. */
const LEAST_SHARE = 0.03;
const LEAST_TRIALS = 3;
/** Between two levels at least this share of their distance is empty, strays aside. */
const LEAST_GAP = 1 / 3;
const STRAYS = 0.05;

/** Finds the states that the given trials, usually those of several runs, were measured in. */
export function recogniseStates(trials: readonly Trial[]): States {
  const levels = KINDS.map(([kind, words]) => {
    const values = trials.flatMap((trial) => {
      const reading = trial.controls?.[kind];
      return reading ? [Math.log(Math.min(...reading))] : [];
    });
    return { kind, words, cuts: cutsBetween(values) };
  }).filter(({ cuts }) => cuts.length > 0);

  const keyOf = (trial: Trial): string | null => {
    const parts = levels.map(({ kind, cuts }) => {
      const reading = trial.controls?.[kind];
      if (!reading) return "";
      const [before, after] = reading.map((value) => levelOf(Math.log(value), cuts));
      return before === after ? String(before) : null;
    });
    return parts.includes(null) ? null : parts.join("/");
  };
  const groups = Map.groupBy(trials, (trial) => keyOf(trial));
  const found = [...groups].filter((each): each is [string, Trial[]] => each[0] !== null)
    .sort(([, a], [, b]) => b.length - a.length);
  const index = new Map(found.map(([key], at) => [key, at]));
  return {
    names: found.map(([, own]) => nameOf(own, levels)),
    of: (trial) => {
      const key = keyOf(trial);
      return key === null ? null : index.get(key) ?? null;
    },
  };
}

function nameOf(
  trials: readonly Trial[],
  levels: readonly { kind: keyof Controls; words: string }[],
): string {
  if (levels.length === 0) return "one state";
  return levels.map(({ kind, words }) => {
    const values = trials.flatMap((trial) => trial.controls?.[kind] ?? []);
    return values.length === 0 ? `no ${words}` : `${words} ${Math.round(median(values))} ns`;
  }).join(", ");
}

function levelOf(value: number, cuts: readonly number[]): number {
  return cuts.filter((cut) => value > cut).length;
}

/**
 * The places between the levels that values gather at: each the best split in two, as in
 * Fisher, "On grouping for maximum homogeneity", Journal of the American Statistical Association 53,
 * 1958, taken where the halves lie clearly apart, then searched again.
 */
function cutsBetween(values: readonly number[]): number[] {
  const ascending = Float64Array.from(values).sort();
  const least = Math.max(LEAST_TRIALS, Math.ceil(values.length * LEAST_SHARE));
  return split(ascending, least);
}

function split(ascending: Float64Array, least: number): number[] {
  const at = bestSplit(ascending, least);
  if (at === null) return [];
  const [low, high] = [ascending.subarray(0, at), ascending.subarray(at)];
  const distance = median(high) - median(low);
  if (distance < Math.log(LEAST_RATIO)) return [];
  const gap = quantileOfSorted(high, STRAYS) - quantileOfSorted(low, 1 - STRAYS);
  if (gap < LEAST_GAP * distance) return [];
  return [...split(low, least), (low.at(-1)! + high[0]!) / 2, ...split(high, least)];
}

/** The split with the largest sum of squares between its halves; null where none is allowed. */
function bestSplit(ascending: Float64Array, least: number): number | null {
  const total = ascending.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  let best = 0;
  let at: number | null = null;
  for (let i = 1; i < ascending.length; i++) {
    sum += ascending[i - 1]!;
    if (i < least || ascending.length - i < least || ascending[i] === ascending[i - 1]) continue;
    const between = sum ** 2 / i + (total - sum) ** 2 / (ascending.length - i);
    if (at === null || between > best) {
      best = between;
      at = i;
    }
  }
  return at;
}
