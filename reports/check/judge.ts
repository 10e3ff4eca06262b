/**
 * The judging of a candidate run against the runs of a baseline.
 *
 * A cell is a suspect when the whole 95 % interval of its ratio lies beyond its floor, which is the
 * threshold or, where that is larger, what an unchanged cell moves from run to run. Suspects are then
 * confirmed by fresh trials; or, where none can be measured, all judged cells share one error rate.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import {
  holm,
  mannWhitney,
  mannWhitneyLeastP,
  median,
  ratioInterval,
} from "../../workloads/runner/statistics.ts";
import { type ControlRow, judgeControls } from "./controls.ts";
import { noiseFloors } from "./noise.ts";
import type { OwnControl } from "./own_control.ts";
import { quotaDoubt } from "./quota.ts";
import { byRun, costsOf, likeWithLike, type Matched, measuredCell } from "./sample.ts";
import { recogniseStates, type States } from "../../workloads/runner/states.ts";

/** A cell whose figures could be compared. */
export interface JudgedCell {
  readonly id: string;
  readonly facility: string;
  readonly workload: string;
  readonly unit: MeasuredCell["unit"];
  /** Medians of the trials compared, in the cell's unit. */
  readonly baseline: number;
  readonly candidate: number;
  /** Trials compared. */
  readonly trials: { readonly baseline: number; readonly candidate: number };
  /** How many times worse the candidate is: 1.2 is a fifth slower, 0.8 a fifth faster. */
  readonly ratio: number;
  readonly interval: readonly [low: number, high: number];
  /** The ratio that it has to pass. */
  readonly floor: number;
  /** Where the floor comes from. */
  readonly floorFrom: "threshold" | "noise";
  /** Of the test that the ratio is beyond the floor on that side where it lies; two-sided. */
  readonly p: number;
  /** Index of the machine's state that the trials are of; null where it kept one. */
  readonly state: number | null;
  /** What each trial was set against; null where the figures are as they were. */
  readonly own: readonly OwnControl[] | null;
  readonly direction: "slower" | "faster" | "neither";
}

/** A cell that was not judged, which is never a pass. */
export interface UnjudgedCell {
  readonly id: string;
  readonly reason: string;
  /**
   * `absent`: the baseline has no figure of it; `lost`: the candidate did not measure it; `failed`: the
   * candidate could not.
   */
  readonly kind: "absent" | "lost" | "failed" | "unmatched" | "too-few";
}

export interface Judgement {
  readonly judged: readonly JudgedCell[];
  readonly unjudged: readonly UnjudgedCell[];
  readonly controls: readonly ControlRow[];
  /** The machine's states in words. */
  readonly states: readonly string[];
  /** Why the candidate's CPU quota makes it another machine; null where it does not. */
  readonly quota: string | null;
}

export interface JudgeOptions {
  /** 0.1 for 10 %. */
  readonly threshold: number;
  /** Only these cells, and floors that are known already: for trials that confirm suspects. */
  readonly only?: ReadonlyMap<string, JudgedCell>;
  /** Whether all judged cells share one error rate, because nothing will be measured again. */
  readonly corrected?: boolean;
}

/** The error rate of a single test, and of all together. */
export const ALPHA = 0.05;

/** Compares every cell that a baseline run or the candidate measured. */
export function judge(
  baseline: readonly RunDocument[],
  candidate: RunDocument,
  options: JudgeOptions,
): Judgement {
  const states = recogniseStates(
    [...baseline, candidate].flatMap(({ cells }) =>
      cells.flatMap((cell) => cell.status === "measured" ? cell.trials : [])
    ),
  );
  const unjudged: UnjudgedCell[] = [];
  const pairs: Pair[] = [];
  for (const id of idsOf([...baseline, candidate], options.only)) {
    const pair = pairUp(id, baseline, candidate, states);
    if ("reason" in pair) unjudged.push(pair);
    else pairs.push(pair);
  }
  const floors = floorsOf(pairs, options);
  let judged = pairs.map((pair) => compare(pair, floors.get(pair.id)!));
  if (options.corrected) {
    const kept = enoughForAll(judged);
    unjudged.push(...judged.filter((cell) => !kept.includes(cell)).map(tooFewForAll(kept.length)));
    judged = withHolm(kept);
  }
  return {
    judged,
    unjudged,
    controls: judgeControls(baseline, candidate, states),
    states: states.names,
    quota: quotaDoubt(baseline, candidate),
  };
}

/** Whether both sides have a cell that was not judged. */
export function isCommon({ kind }: UnjudgedCell): boolean {
  return kind !== "absent" && kind !== "lost";
}

/** Cells that lie beyond their floor. */
export function suspectsOf({ judged }: Judgement): JudgedCell[] {
  return judged.filter(({ direction }) => direction !== "neither");
}

/**
 * The suspects that fresh trials confirm: beyond the same floor, on the same side, with Holm over
 * all suspects that were measured again.
 */
export function confirmedBy(suspects: readonly JudgedCell[], fresh: Judgement): JudgedCell[] {
  const again = fresh.judged.map((cell) => ({
    cell,
    before: suspects.find(({ id }) => id === cell.id)!,
  }));
  const adjusted = holm(again.map(({ cell }) => cell.p));
  return again.filter(({ cell, before }, index) =>
    cell.direction === before.direction && adjusted[index]! <= ALPHA
  ).map(({ cell }) => cell);
}

interface Pair extends Matched {
  readonly id: string;
  readonly cell: MeasuredCell;
}

function idsOf(
  runs: readonly RunDocument[],
  only: ReadonlyMap<string, JudgedCell> | undefined,
): string[] {
  if (only) return [...only.keys()];
  const measured = runs.flatMap(({ cells }) =>
    cells.filter(({ control, status }) => !control && status === "measured")
  );
  return [...new Set(measured.map(({ id }) => id))];
}

function pairUp(
  id: string,
  baseline: readonly RunDocument[],
  candidate: RunDocument,
  states: States,
): Pair | UnjudgedCell {
  const refuse = (kind: UnjudgedCell["kind"], reason: string) => ({ id, kind, reason });
  const known = baseline.map((run) => measuredCell(run, id));
  if (known.every((cell) => cell === undefined)) {
    return refuse("absent", "the baseline has no figure of it");
  }
  const cell = candidate.cells.find((each) => each.id === id);
  if (cell === undefined) return refuse("lost", "the candidate did not measure it");
  if (cell.status === "failed") return refuse("failed", `it failed: ${cell.reason}`);
  if (cell.status === "not-applicable") {
    return refuse("failed", `it is not applicable any more: ${cell.reason}`);
  }
  const costs = { baseline: costsOf(known), candidate: costsOf([cell]) };
  if (![...costs.baseline, ...costs.candidate].every(({ cost }) => cost > 0 && cost < Infinity)) {
    return refuse("too-few", "a figure of 0 has no ratio");
  }
  const matched = likeWithLike(costs.baseline, costs.candidate, states);
  if (matched === null) {
    return refuse("unmatched", "its trials were measured in other states of the machine");
  }
  if (mannWhitneyLeastP(matched.candidate.length, matched.baseline.length) > ALPHA) {
    return refuse(
      "too-few",
      `${matched.candidate.length} trials against ${matched.baseline.length}` +
        (matched.state === null ? "" : " of the same state") +
        " cannot be significant, whatever they say",
    );
  }
  return { id, cell, ...matched };
}

interface Floor {
  readonly ratio: number;
  readonly from: JudgedCell["floorFrom"];
}

function floorsOf(pairs: readonly Pair[], options: JudgeOptions): Map<string, Floor> {
  const noise = noiseFloors(pairs.map(({ id, baseline }) => ({
    id,
    runs: byRun(baseline).map((costs) => costs.map(({ cost }) => Math.log(cost))),
  })));
  const threshold = 1 + options.threshold;
  return new Map(pairs.map(({ id }) => {
    const known = options.only?.get(id);
    if (known) return [id, { ratio: known.floor, from: known.floorFrom }];
    const ratio = noise.get(id) ?? 1;
    return [
      id,
      ratio > threshold ? { ratio, from: "noise" } : { ratio: threshold, from: "threshold" },
    ];
  }));
}

function compare({ id, cell, baseline, candidate, state, own }: Pair, floor: Floor): JudgedCell {
  const [before, after] = [baseline, candidate].map((costs) => costs.map(({ cost }) => cost));
  const { ratio, interval } = ratioInterval(after!, before!);
  const [low, high] = interval!;
  const figure = (costs: readonly number[]) =>
    cell.better === "lower" ? median(costs) : 1 / median(costs);
  return {
    id,
    facility: cell.facility,
    workload: cell.workload,
    unit: cell.unit,
    baseline: figure(before!),
    candidate: figure(after!),
    trials: { baseline: baseline.length, candidate: candidate.length },
    ratio,
    interval: [low, high],
    floor: floor.ratio,
    floorFrom: floor.from,
    p: beyond(after!, before!, ratio, floor.ratio),
    state,
    own,
    direction: low > floor.ratio ? "slower" : high < 1 / floor.ratio ? "faster" : "neither",
  };
}

/** Mann–Whitney of the ratio being the floor against its lying beyond it. */
function beyond(
  after: readonly number[],
  before: readonly number[],
  ratio: number,
  floor: number,
): number {
  const { p } = ratio >= 1
    ? mannWhitney(after, before.map((cost) => cost * floor), "greater")
    : mannWhitney(after, before.map((cost) => cost / floor), "less");
  return Math.min(1, 2 * p);
}

/** The most cells that can all be significant, were each the only one that changed. */
function enoughForAll(cells: readonly JudgedCell[]): JudgedCell[] {
  const least = ({ trials }: JudgedCell) => mannWhitneyLeastP(trials.candidate, trials.baseline);
  const byPower = [...cells].sort((a, b) => least(a) - least(b));
  for (let count = byPower.length; count > 0; count--) {
    if (least(byPower[count - 1]!) <= ALPHA / count) return byPower.slice(0, count);
  }
  return [];
}

function tooFewForAll(kept: number): (cell: JudgedCell) => UnjudgedCell {
  return ({ id, trials }) => ({
    id,
    kind: "too-few",
    reason: `${trials.candidate} trials against ${trials.baseline} cannot be significant among ` +
      `${kept + 1} cells or more without confirmation`,
  });
}

function withHolm(cells: readonly JudgedCell[]): JudgedCell[] {
  const adjusted = holm(cells.map(({ p }) => p));
  return cells.map((cell, index) => {
    const p = adjusted[index]!;
    return { ...cell, p, direction: p <= ALPHA ? cell.direction : "neither" };
  });
}
