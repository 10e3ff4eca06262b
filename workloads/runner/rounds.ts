/**
 * Which trials a run has: in each round every facility is visited once. After the rounds that were
 * asked for, only cells go on whose interval is still wide.
 *
 * @module
 */
import type { PlannedCell, PlannedVisit } from "./plan.ts";
import type { Schedule, Trip } from "./schedule.ts";

/** Half the interval over the estimate, below which a cell needs no more trials. */
export const NARROW_ENOUGH = 0.02;

export interface RoundsOptions {
  readonly visits: readonly PlannedVisit[];
  /** Rounds that are asked for. */
  readonly trials: number;
  /** Whether further rounds follow for cells that need them. */
  readonly adaptive: boolean;
  /** About how many trials more a cell needs; 0 where it is done, Infinity where nobody knows. */
  trialsTo(cell: PlannedCell): number;
}

/** The trips of a run, round by round. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #givenUp = new Set<PlannedVisit>();

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** Leaves a visit out from now on. */
  giveUp(visit: PlannedVisit): void {
    this.#givenUp.add(visit);
  }

  isAskedFor(round: number): boolean {
    return round < this.#options.trials;
  }

  /** What is visited in a round, in the plan's order; empty where the run is done. */
  trips(round: number): Trip[] {
    if (this.isAskedFor(round)) return this.#all(1);
    if (!this.#options.adaptive) return [];
    const open = this.#all(1)
      .map((trip) => ({ ...trip, cells: trip.cells.filter((cell) => this.#isOpen(cell)) }))
      .filter(({ visit, cells }) => visit.facility !== null && cells.length > 0);
    // The control rows go with whatever is measured, and keep nothing going.
    const controls = this.#all(1).filter(({ visit }) => visit.facility === null);
    return open.length > 0 ? [...controls, ...open] : [];
  }

  /** The trips of all rounds after this one that are asked for. */
  later(round: number): Trip[] {
    return this.#all(Math.max(0, this.#options.trials - 1 - round));
  }

  /**
   * Milliseconds until the run ends, as far as can be told from what remains of it. The budget ends it
   * sooner, but for the trips that are made whatever they take.
   */
  leftMs(
    schedule: Schedule,
    remaining: readonly Trip[],
    targetMs: number,
    whatever: readonly Trip[] = [],
  ): number {
    const asked = schedule.lastingMs(remaining, targetMs) + this.#furtherMs(schedule, targetMs);
    return schedule.leftMs(asked, schedule.lastingMs(whatever, targetMs));
  }

  /** Milliseconds that the rounds after those that are asked for will take. */
  #furtherMs(schedule: Schedule, targetMs: number): number {
    if (!this.#options.adaptive) return 0;
    return this.#all(1).reduce((sum, trip) => {
      const times = Math.max(0, ...trip.cells.map((cell) => this.#options.trialsTo(cell)));
      return sum + times * schedule.lastingMs([trip], targetMs);
    }, 0);
  }

  #all(times: number): Trip[] {
    return this.#options.visits
      .filter((visit) => !this.#givenUp.has(visit))
      .map((visit) => ({ visit, cells: visit.cells, times }));
  }

  #isOpen(cell: PlannedCell): boolean {
    return this.#options.trialsTo(cell) > 0;
  }
}
