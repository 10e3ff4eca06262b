/**
 * How a run's time is spent: rounds of trials in random order, every cell's share of the budget, and
 * how much time is left.
 *
 * @module
 */
import type { PlannedVisit } from "./plan.ts";

/** Starting a pair of participants, milliseconds, until it has been seen. */
const START_MS = 90;
/** Verifying, warming up and settling a cell, milliseconds, until it has been seen. */
const CELL_MS = 6;
/** A cell is timed for at least and at most this long in one trial, milliseconds. */
const LEAST_MS = 1;
const MOST_MS = 250;
/** Share of the budget that is not given out, for trials that take longer than the ones before. */
const RESERVE = 0.04;

/** Spends a budget on trials. */
export class Schedule {
  readonly #overheadMs = new Map<PlannedVisit, number>();
  readonly #started = performance.now();
  readonly #budgetMs: number;

  constructor(visits: readonly PlannedVisit[], budgetSeconds: number) {
    this.#budgetMs = budgetSeconds * 1000;
    for (const visit of visits) {
      this.#overheadMs.set(visit, START_MS + (visit.count - 2) * 25 + visit.cells.length * CELL_MS);
    }
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
      overhead += this.#overheadMs.get(visit)!;
      cells += visit.cells.length;
    }
    const share = (this.#budgetMs * (1 - RESERVE) - this.elapsedMs - overhead) / Math.max(1, cells);
    return Math.min(MOST_MS, Math.max(LEAST_MS, share));
  }

  /** Milliseconds that the given trials will take. */
  leftMs(remaining: readonly PlannedVisit[]): number {
    const target = this.targetMs(remaining);
    return remaining.reduce(
      (sum, visit) => sum + this.#overheadMs.get(visit)! + visit.cells.length * target,
      0,
    );
  }

  /** Notes how long a trial took beside what was asked for. */
  learn(visit: PlannedVisit, tookMs: number, timedMs: number): void {
    const known = this.#overheadMs.get(visit)!;
    this.#overheadMs.set(visit, known + (Math.max(0, tookMs - timedMs) - known) / 2);
  }
}
