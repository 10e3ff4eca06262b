/**
 * Finished runs side by side: the ratio of each cell to the first run's, with its interval.
 *
 * A comparison looks at everything and accuses nobody: intervals are not corrected for their number,
 * and how many would be significant by chance stands beside them. The check is the judge.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { NotComparableError } from "../../workloads/runner/errors.ts";
import { ratioInterval } from "../../workloads/runner/statistics.ts";
import { type Difference, differences } from "../check/comparable.ts";
import { costsOf, matchStates } from "../check/sample.ts";
import { recogniseStates, type States } from "../../workloads/runner/states.ts";

/** A cell of one run against the same cell of the first. */
export interface ComparedCell {
  readonly id: string;
  readonly unit: MeasuredCell["unit"];
  readonly control: boolean;
  /** Estimates, in the cell's unit. */
  readonly first: number;
  readonly second: number;
  /** How many times worse the second is. */
  readonly ratio: number;
  /** 95 %; null where the trials are too few for one. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Whether 1 lies outside of the interval. */
  readonly significant: boolean;
}

/** One run against the first. */
export interface Comparison {
  readonly first: string;
  readonly second: string;
  readonly differences: readonly Difference[];
  /** The largest change first. */
  readonly cells: readonly ComparedCell[];
  /** Ids of cells that only one of them measured, or that were measured in different states. */
  readonly incomparable: readonly string[];
  /** So many cells would be significant by chance, were all the same. */
  readonly byChance: number;
}

export interface CompareDocument {
  readonly schema: "ipc-taxonomy/compare/1";
  readonly runs: readonly {
    readonly id: string;
    readonly startedAt: string;
    readonly machineKey: string;
    readonly label: string | null;
  }[];
  readonly comparisons: readonly Comparison[];
}

const LEVEL = 0.95;

/**
 * Compares each run with the first.
 *
 * @throws {NotComparableError} a run has no cell in common with the first
 */
export function compareRuns(runs: readonly RunDocument[]): CompareDocument {
  const [first, ...others] = runs as [RunDocument, ...RunDocument[]];
  return {
    schema: "ipc-taxonomy/compare/1",
    runs: runs.map(({ id, startedAt, host, label }) => ({
      id,
      startedAt,
      machineKey: host.machineKey,
      label,
    })),
    comparisons: others.map((second) => comparePair(first, second)),
  };
}

function comparePair(first: RunDocument, second: RunDocument): Comparison {
  const measured = [first, second].map(measuredCells);
  const states = recogniseStates(
    measured.flatMap((cells) => [...cells.values()].flatMap(({ trials }) => trials)),
  );
  const ids = [...new Set(measured.flatMap((cells) => [...cells.keys()]))];
  const cells: ComparedCell[] = [];
  const incomparable: string[] = [];
  for (const id of ids) {
    const [before, after] = measured.map((own) => own.get(id));
    const compared = before && after ? compareCells(before, after, states) : null;
    if (compared) cells.push(compared);
    else incomparable.push(id);
  }
  if (cells.length === 0) {
    const common = ids.some((id) => measured.every((own) => own.has(id)));
    throw new NotComparableError(
      `${first.id} and ${second.id} have no cell ` +
        (common
          ? "that both measured in the same state of the machine: measure more trials"
          : "in common"),
    );
  }
  const machines = first.host.machineKey === second.host.machineKey ? [] : [{
    fact: "machine",
    baseline: first.host.machineKey,
    candidate: second.host.machineKey,
  }];
  return {
    first: first.id,
    second: second.id,
    differences: [...machines, ...differences(first, second)],
    cells: cells.sort((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio))),
    incomparable,
    byChance: (1 - LEVEL) * cells.filter(({ interval }) => interval !== null).length,
  };
}

function measuredCells({ cells }: RunDocument): Map<string, MeasuredCell> {
  const measured = cells.filter((cell) => cell.status === "measured");
  return new Map(measured.map((cell) => [cell.id, cell]));
}

function compareCells(
  first: MeasuredCell,
  second: MeasuredCell,
  states: States,
): ComparedCell | null {
  const costs = [first, second].map((cell) => costsOf([cell]));
  const matched = matchStates(costs[0]!, costs[1]!, states);
  if (!matched || matched.baseline.length === 0 || matched.candidate.length === 0) return null;
  const [before, after] = [matched.baseline, matched.candidate]
    .map((own) => own.map(({ cost }) => cost));
  if (![...before!, ...after!].every((cost) => cost > 0 && cost < Infinity)) return null;
  const { ratio, interval } = ratioInterval(after!, before!, LEVEL);
  return {
    id: first.id,
    unit: first.unit,
    control: first.control ?? false,
    first: first.estimate,
    second: second.estimate,
    ratio,
    interval,
    significant: interval !== null && (interval[0] > 1 || interval[1] < 1),
  };
}
