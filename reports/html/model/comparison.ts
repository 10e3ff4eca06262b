/**
 * Runs side by side, as the compare page needs them: what `compare` finds between each two of them.
 *
 * @module
 */
import { count } from "./format.ts";
import type { Row } from "./rows.ts";

export interface RunFacts {
  id: string;
  startedAt: string;
  hostname: string;
  kernel: string;
  machineKey: string;
  cpuModel: string;
  deno: string;
  profile: string;
  label: string | null;
}

/** A cell that a run of the page has measured. */
export interface SharedCell {
  workload: string;
  facility: string;
  label: string;
  control: boolean;
  unit: Row["unit"];
  /** Of each run; null where it has not measured it. */
  estimates: (number | null)[];
}

/** How many times worse the second is, its 95 % interval, and whether 1 lies outside of that. */
export type Change = readonly [
  ratio: number,
  low: number | null,
  high: number | null,
  significant: 0 | 1,
];

/** A fact that is not the same in two runs. */
export interface OtherFact {
  fact: string;
  baseline: string;
  candidate: string;
}

/** What `compare` says of two runs, the older one first. */
export interface Pair {
  facts: OtherFact[];
  /** By the index of the cell; null where the two cannot be held against each other. */
  changes: (Change | null)[];
  /** Cells that only one of them measured, or that were measured in different states. */
  incomparable: number;
  /** So many cells would be significant by chance, were all the same. */
  byChance: number;
}

/** The runs that a compare page knows, oldest first. */
export interface CompareData {
  runs: RunFacts[];
  cells: SharedCell[];
  /** By the indices of the two runs, `0 1`; absent where they have no cell in common. */
  pairs: Record<string, Pair>;
}

/** Two runs in either order; undefined where they have no cell in common. */
export function pairOf(data: CompareData, from: number, to: number): Pair | undefined {
  if (from <= to) return data.pairs[`${from} ${to}`];
  const pair = data.pairs[`${to} ${from}`];
  return pair && {
    ...pair,
    facts: pair.facts.map(({ fact, baseline, candidate }) => ({
      fact,
      baseline: candidate,
      candidate: baseline,
    })),
    changes: pair.changes.map((change) => change && reversed(change)),
  };
}

function reversed([ratio, low, high, significant]: Change): Change {
  return [1 / ratio, high === null ? null : 1 / high, low === null ? null : 1 / low, significant];
}

/** A cell that changed, or did not, and by how much. */
export interface ChangedCell {
  cell: SharedCell;
  change: Change;
}

/** The cells of a pair, the largest change first. */
export function changedCells(data: CompareData, pair: Pair): ChangedCell[] {
  const size = ({ change }: ChangedCell) => Math.abs(Math.log(change[0]));
  return data.cells.flatMap((cell, index) => {
    const change = pair.changes[index];
    return change ? [{ cell, change }] : [];
  }).sort((a, b) => size(b) - size(a));
}

/** What came of a comparison, in words. */
export function outcomeWords(pair: Pair): string {
  const changes = pair.changes.filter((change) => change !== null);
  const significant = changes.filter((change) => change[3] === 1);
  const worse = significant.filter(([ratio]) => ratio > 1).length;
  return `Of ${
    count(changes.length, "cell")
  } that can be held against each other, ${worse} became ` +
    `worse and ${
      significant.length - worse
    } better by more than their 95 % intervals allow; about ${
      Number(pair.byChance.toPrecision(2))
    } would by chance, were all the same.` +
    (pair.incomparable > 0
      ? ` ${
        count(pair.incomparable, "cell")
      } have no figure in the other run that was measured in ` +
        "a like state of the machine."
      : "");
}
