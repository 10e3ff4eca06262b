/**
 * Reading what was given on the command line: lists, sizes, spans of time; and naming the nearest
 * valid word for one that is not.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";
import { InputError } from "../workloads/runner/errors.ts";
import { LARGEST_SIZE } from "../workloads/runner/profile.ts";

const UNITS: Record<string, number> = {
  "": 1,
  b: 1,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
};

/** The words of a comma-separated list, without empty ones. */
export function list(text: string): string[] {
  const words = text.split(",").map((word) => word.trim()).filter((word) => word !== "");
  if (words.length === 0) throw new InvalidArgumentError("Give at least one, separated by commas.");
  return [...new Set(words)];
}

/** Message sizes such as `1,64,4KiB,1MiB`, ascending. */
export function sizes(text: string): number[] {
  return [...new Set(list(text).map(size))].sort((a, b) => a - b);
}

function size(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
  const bytes = match ? Number(match[1]) * (UNITS[match[2]!.toLowerCase()] ?? NaN) : NaN;
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > LARGEST_SIZE) {
    throw new InvalidArgumentError(
      `"${text}" is no message size: give whole bytes from 1 to 64MiB, such as 64, 4KiB or 1MiB.`,
    );
  }
  return bytes;
}

/** Seconds of a span such as `60s`, `2m`, `1h` or `500ms`. */
export function seconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)?$/.exec(text);
  const unit = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600 }[match?.[2] ?? "s"]!;
  const value = match ? Number(match[1]) * unit : NaN;
  if (!(value > 0 && value <= 7 * 86_400)) {
    throw new InvalidArgumentError(
      `"${text}" is no span of time: give for example 60s, 10m or 2h, at most a week.`,
    );
  }
  return value;
}

/** A whole number within bounds. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(
        `"${text}" is not a whole number from ${least} to ${most.toLocaleString("en")}.`,
      );
    }
    return value;
  };
}

/**
 * Returns the words if all of them are known.
 *
 * @throws {InputError} naming the nearest known words
 */
export function known(kind: string, words: readonly string[], valid: readonly string[]): string[] {
  for (const word of words) {
    if (valid.includes(word)) continue;
    throw new InputError(
      `There is no ${kind} "${word}"; the nearest ${near(word, valid)} (all: deno task list)`,
    );
  }
  return [...words];
}

/** The valid words nearest to `word`: `is pipe`, `are pipe and fifo`. */
function near(word: string, valid: readonly string[]): string {
  const byDistance = valid.map((each) => ({ each, distance: distance(word, each) }))
    .sort((a, b) => a.distance - b.distance).slice(0, 3);
  const names = byDistance.map(({ each }) => each);
  if (names.length === 1) return `is ${names[0]}`;
  return `are ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Edit distance in which a word that contains the other counts as near. */
function distance(a: string, b: string): number {
  if (b.includes(a) || a.includes(b)) return Math.abs(a.length - b.length) / 100;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      current[j] = Math.min(
        previous[j]! + 1,
        current[j - 1]! + 1,
        previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    previous = current;
  }
  return previous[b.length]!;
}
