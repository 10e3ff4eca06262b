/**
 * How a run's time is spent: rounds of trials in random order, every cell's share of the budget, and
 * how much time is left.
 *
 * @module
 */
import type { PlannedVisit } from "./plan.ts";

/** Starting a pair of participants, milliseconds, until it has been seen. */
const START_MS = 90;
/** One participant more. */
const PARTICIPANT_MS = 25;
/** Making a setup and warming up on it. */
const SETUP_MS = 15;
/** Verifying a cell and finding out how much is enough. */
const CELL_MS = 3;
/** A cell is timed for at least and at most this long in one trial, milliseconds. */
const LEAST_MS = 1;
const MOST_MS = 250;
/** Share of the budget that is not given out, for trials that take longer than the ones before. */
const RESERVE = 0.04;

/** Spends a budget on trials. */
export class Schedule {
  /** What a visit's trials took beside what was asked for; of those seen. */
  readonly #overheadMs = new Map<PlannedVisit, number>();
  readonly #started = performance.now();
  readonly #budgetMs: number;
  /** By how much the guesses were off on the whole so far. */
  #guessedMs = 0;
  #actualMs = 0;

  constructor(budgetSeconds: number) {
    this.#budgetMs = budgetSeconds * 1000;
  }

  get elapsedMs(): number {
    return performance.now() - this.#started;
  }

  get exhausted(): boolean {
    return this.elapsedMs > this.#budgetMs;
  }

  /** How long each cell is timed now, so that the given trials fit into what is left. */
  targetMs(remaining: readonly PlannedVisit[]): number {
    let overhead = 0;
    let cells = 0;
    for (const visit of remaining) {
      overhead += this.#overheadOf(visit);
      cells += visit.cells.length;
    }
    const share = (this.#budgetMs * (1 - RESERVE) - this.elapsedMs - overhead) / Math.max(1, cells);
    return Math.min(MOST_MS, Math.max(LEAST_MS, share));
  }

  /** Milliseconds that the given trials will take. */
  leftMs(remaining: readonly PlannedVisit[]): number {
    const target = this.targetMs(remaining);
    return remaining.reduce(
      (sum, visit) => sum + this.#overheadOf(visit) + visit.cells.length * target,
      0,
    );
  }

  /** Notes how long a trial took, and how much of it was asked for. */
  learn(visit: PlannedVisit, tookMs: number, askedMs: number): void {
    const overhead = Math.max(0, tookMs - askedMs);
    const known = this.#overheadMs.get(visit);
    if (known === undefined) {
      this.#guessedMs += guessMs(visit);
      this.#actualMs += overhead;
    }
    this.#overheadMs.set(visit, known === undefined ? overhead : (known + overhead) / 2);
  }

  #overheadOf(visit: PlannedVisit): number {
    const off = this.#guessedMs === 0 ? 1 : this.#actualMs / this.#guessedMs;
    return this.#overheadMs.get(visit) ?? guessMs(visit) * off;
  }
}

/** What a trial of a visit is likely to take beside what is asked for. */
function guessMs({ count, setups, cells }: PlannedVisit): number {
  return START_MS + (count - 2) * PARTICIPANT_MS + setups.length * SETUP_MS +
    cells.length * CELL_MS;
}
