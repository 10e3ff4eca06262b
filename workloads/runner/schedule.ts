/**
 * How a run's time is spent: every cell's share of the budget, and how much time is left.
 *
 * @module
 */
import type { PlannedCell, PlannedVisit } from "./plan.ts";

/** A trial to come: a visit of these cells, so many times. */
export interface Trip {
  readonly visit: PlannedVisit;
  readonly cells: readonly PlannedCell[];
  readonly times: number;
}

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
  /** By what factor a visit's trials took longer than guessed, beside the timing; of those seen. */
  readonly #factors = new Map<PlannedVisit, number>();
  readonly #started = performance.now();
  readonly #budgetMs: number;
  /** The same over all visits, each once. */
  #guessedMs = 0;
  #actualMs = 0;

  constructor(budgetSeconds: number) {
    this.#budgetMs = budgetSeconds * 1000;
  }

  get elapsedMs(): number {
    return performance.now() - this.#started;
  }

  /** Milliseconds of the budget that are left. */
  get budgetLeftMs(): number {
    return this.#budgetMs - this.elapsedMs;
  }

  /** How long each cell is timed, so that the given trials end within the budget. */
  targetMs(trips: readonly Trip[]): number {
    const room = this.#budgetMs * (1 - RESERVE) - this.elapsedMs;
    let [low, high] = [LEAST_MS, MOST_MS];
    if (this.lastingMs(trips, high) <= room) return high;
    while (high - low > LEAST_MS / 10) {
      const middle = (low + high) / 2;
      if (this.lastingMs(trips, middle) <= room) low = middle;
      else high = middle;
    }
    return low;
  }

  /** How many times all of these trials fit into the whole budget, each cell timed for the least. */
  timesWithin(trips: readonly Trip[]): number {
    return Math.floor(this.#budgetMs * (1 - RESERVE) / this.lastingMs(trips));
  }

  /** The budget, milliseconds, into which all of these trials fit so many times. */
  budgetFor(trips: readonly Trip[], times: number): number {
    return times * this.lastingMs(trips) / (1 - RESERVE);
  }

  /** Milliseconds that trials take when each cell is timed for so long. */
  lastingMs(trips: readonly Trip[], targetMs = LEAST_MS): number {
    let sum = 0;
    for (const trip of trips) {
      sum += trip.times * (this.#overheadOf(trip) + askedMs(trip.cells, targetMs));
    }
    return sum;
  }

  /**
   * Milliseconds until trials end that are expected to take so long, when the budget cuts them off but
   * for those that are made whatever they take.
   */
  leftMs(expectedMs: number, certainMs: number): number {
    return Math.max(0, certainMs, Math.min(this.budgetLeftMs, expectedMs));
  }

  /** Notes how long a trial took. */
  learn(trip: Trip, targetMs: number, tookMs: number): void {
    const overhead = Math.max(0, tookMs - askedMs(trip.cells, targetMs));
    const guess = guessMs(trip);
    const known = this.#factors.get(trip.visit);
    if (known === undefined) {
      this.#guessedMs += guess;
      this.#actualMs += overhead;
    }
    const factor = overhead / guess;
    this.#factors.set(trip.visit, known === undefined ? factor : (known + factor) / 2);
  }

  #overheadOf(trip: Trip): number {
    const usual = this.#guessedMs === 0 ? 1 : this.#actualMs / this.#guessedMs;
    return guessMs(trip) * (this.#factors.get(trip.visit) ?? usual);
  }
}

/** What timing the cells takes; an amount is found in no time of its own. */
function askedMs(cells: readonly PlannedCell[], targetMs: number): number {
  return cells.filter(({ workload }) => workload.figure !== "amount")
    .reduce((sum, { leastMs }) => sum + Math.max(targetMs, leastMs), 0);
}

/** What a trial is likely to take beside the timing. */
function guessMs({ cells }: Trip): number {
  const count = Math.max(...cells.map(({ task }) => task.count));
  const setups = new Set(cells.map(({ task }) => task.setup)).size;
  return START_MS + (count - 2) * PARTICIPANT_MS + setups * SETUP_MS + cells.length * CELL_MS;
}
