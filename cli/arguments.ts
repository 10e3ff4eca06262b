/**
 * Reading what was given on the command line: lists, sizes, spans of time; and naming the nearest
 * valid word for one that is not.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";
import { InputError } from "../workloads/runner/errors.ts";
import { LARGEST_SIZE } from "../workloads/runner/profile.ts";

/** Bytes of each unit, as SI and IEC write them: a `k` is 1,000, a `Ki` 1,024. */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
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
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = unit === undefined ? undefined : unitOf(unit);
  if (number !== undefined && factor === undefined) {
    const meant = unitsMeant(unit!);
    if (meant.length > 0) {
      const choices = meant.map((each) => `${number}${each} (${bytesIn(number, each)} bytes)`);
      throw new InvalidArgumentError(`"${text}" is ambiguous: give ${choices.join(" or ")}.`);
    }
  }
  const bytes = Number(number) * (factor ?? NaN);
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > LARGEST_SIZE) {
    throw new InvalidArgumentError(
      `"${text}" is no message size: give whole bytes from 1 to 64MiB, such as 64, 4KiB or 1MiB.`,
    );
  }
  return bytes;
}

/** Nobody means anything but 1,024 by `kib`, however it is written; `kb` may be either. */
function unitOf(unit: string): number | undefined {
  const binary = Object.keys(UNITS).find((each) =>
    each.includes("i") && each.toLowerCase() === unit.toLowerCase()
  );
  return UNITS[binary ?? unit];
}

/** The units that `kb`, `K` or `b` may stand for. */
function unitsMeant(unit: string): string[] {
  const letter = unit.toLowerCase().replace(/b$/, "");
  return Object.keys(UNITS).filter((each) =>
    each !== "" && each.toLowerCase().replace(/i?b$/, "") === letter
  );
}

function bytesIn(number: string, unit: string): string {
  return (Number(number) * UNITS[unit]!).toLocaleString("en");
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

/** More words than this are not named in an error: `list` shows them, and the nearest help more. */
const FEW = 9;

/**
 * Returns the words if all of them are known.
 *
 * @param valid where they are more than a few, `list` has to show them
 * @throws {InputError} naming all known words, or the nearest of many
 */
export function known(kind: string, words: readonly string[], valid: readonly string[]): string[] {
  for (const word of words) {
    if (valid.includes(word)) continue;
    throw new InputError(
      `There is no ${kind} "${word}"; ` +
        (valid.length <= FEW
          ? `give ${valid.slice(0, -1).join(", ")} or ${valid.at(-1)}`
          : `the nearest ${near(word, valid)} (all: deno task list)`),
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
