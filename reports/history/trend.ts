/**
 * One cell over the runs of one machine: where its figure steps to another level, and what else
 * changed between the runs.
 *
 * @module
 */
import { createRandom, type Random } from "../../workloads/runner/random.ts";
import { changePoints } from "../../workloads/runner/statistics.ts";
import type { StoredRun } from "./store.ts";

/** What a trend needs to know of a run. */
export type TrendRun = Pick<
  StoredRun,
  "id" | "startedAt" | "hostname" | "kernel" | "deno" | "version" | "profile"
>;

/** A step of a cell's figure. */
export interface Step {
  /** Index of the first point after it. */
  readonly index: number;
  /** The run of that point. */
  readonly run: string;
  readonly startedAt: string;
  /** Medians of the stretches on both sides, in the cell's unit. */
  readonly before: number;
  readonly after: number;
  readonly p: number;
  /** What changed between the two runs, in words; empty where nothing is known to have. */
  readonly with: readonly string[];
}

/** Something that changed from one run to the next. */
export interface Mark {
  /** Index of the first run after the change. */
  readonly index: number;
  readonly run: string;
  readonly startedAt: string;
  /** Such as `kernel 6.17 → 6.18`. */
  readonly facts: readonly string[];
}

/** Shifts below this share are left unsaid, however sure they are. */
const LEAST_SHIFT = 0.03;
/** Many cells are looked at, so a step has to be this unlikely by chance. */
const LEVEL = 0.01;
const PERMUTATIONS = 499;
/** Runs on either side of a step at least. */
export const SHORTEST = 5;

/**
 * The steps of a series, by E-divisive on the logarithms of the estimates: the same each time, as long
 * as no run is added.
 *
 * @see {@linkcode changePoints} for the sources
 */
export function stepsOf(
  points: readonly { run: TrendRun; estimate: number }[],
  random: Random = createRandom(1),
): Step[] {
  if (!points.every(({ estimate }) => estimate > 0)) return [];
  const logs = points.map(({ estimate }) => Math.log(estimate));
  const marks = new Map(marksOf(points.map(({ run }) => run)).map((mark) => [mark.index, mark]));
  const options = { level: LEVEL, permutations: PERMUTATIONS, shortest: SHORTEST };
  return changePoints(logs, random, options)
    .filter(({ before, after }) => Math.abs(after - before) >= Math.log1p(LEAST_SHIFT))
    .map(({ index, p, before, after }) => {
      const { run } = points[index]!;
      return {
        index,
        run: run.id,
        startedAt: run.startedAt,
        before: Math.exp(before),
        after: Math.exp(after),
        p,
        with: marks.get(index)?.facts ?? [],
      };
    });
}

const FACTS = [
  ["kernel", ({ kernel }) => kernel],
  ["Deno", ({ deno }) => deno],
  ["suite", ({ version }) => version],
  ["profile", ({ profile }) => profile],
  ["host", ({ hostname }) => hostname],
] as const satisfies readonly (readonly [string, (run: TrendRun) => string])[];

/** Where kernel, Deno, suite, settings or host are not those of the run before. */
export function marksOf(runs: readonly TrendRun[]): Mark[] {
  return runs.flatMap((run, index) => {
    const before = runs[index - 1];
    if (!before) return [];
    const facts = FACTS.filter(([, of]) => of(before) !== of(run))
      .map(([name, of]) => `${name} ${of(before)} → ${of(run)}`);
    return facts.length === 0 ? [] : [{ index, run: run.id, startedAt: run.startedAt, facts }];
  });
}
