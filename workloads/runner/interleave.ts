/**
 * Two ways to start the participants, measured side by side: in ABBA blocks, each with the same cells
 * in the same order for the same time, so that whatever drifts falls on both alike.
 *
 * @module
 */
import type { Settings } from "./document.ts";
import { Executor, type ExecutorOptions } from "./executor.ts";
import type { Plan, PlannedCell, PlannedVisit } from "./plan.ts";
import { createRandom } from "./random.ts";
import type { Trip } from "./schedule.ts";
import type { Launcher } from "./trial.ts";
import type { CellResult } from "./visit.ts";
import { warning } from "./warning.ts";

export type Side = "a" | "b";

/** A cell measured on both sides. */
export interface InterleavedCell {
  readonly dimensions: PlannedCell["dimensions"];
  /** Figures in the cell's unit of trials that stood next to each other. */
  readonly pairs: readonly (readonly [a: number, b: number])[];
  /** Why trials have no figure, each reason once. */
  readonly failures: readonly string[];
}

export interface Interleaved {
  /** Control rows first. */
  readonly cells: readonly InterleavedCell[];
  readonly seconds: number;
  readonly complete: boolean;
  readonly warnings: readonly string[];
}

/** Aborting the signal keeps the whole blocks that were measured. */
export interface InterleaveOptions
  extends Pick<ExecutorOptions, "temporary" | "onProgress" | "signal"> {
  readonly plan: Plan;
  /** `trials` is the number of pairs. */
  readonly settings: Settings;
  readonly launchers: Readonly<Record<Side, Launcher>>;
}

/** The order within a block; which side begins is drawn anew for each. */
const ORDERS: readonly (readonly Side[])[] = [["a", "b", "b", "a"], ["b", "a", "a", "b"]];
const BLOCK = 4;

/** Measures block after block until each cell has its pairs or the budget ends. */
export async function interleave(options: InterleaveOptions): Promise<Interleaved> {
  const { plan, settings: { awake, budgetSeconds } } = options;
  const executor = new Executor({ ...options, kind: "interleave", budgetSeconds });
  const run = new InterleavedRun(options, executor);
  {
    await using _ = executor;
    if (awake) await executor.keepAwake(cpusOf(plan));
    await run.measure();
  }
  return run.result();
}

function cpusOf({ visits }: Plan): number[] {
  return [...new Set(visits.flatMap(({ cells }) => cells.flatMap(({ task }) => task.cpus)))];
}

class InterleavedRun {
  readonly #options: InterleaveOptions;
  readonly #executor: Executor;
  readonly #pairs = new Map<string, [number, number][]>();
  readonly #failures = new Map<string, Set<string>>();

  constructor(options: InterleaveOptions, executor: Executor) {
    this.#options = options;
    this.#executor = executor;
  }

  async measure(): Promise<void> {
    const { plan, settings } = this.#options;
    const { schedule, warnings } = this.#executor;
    const random = createRandom(settings.seed);
    const blocks = Math.ceil(settings.trials / 2);
    for (let block = 0; block < blocks; block++) {
      const visits = random.shuffle([...plan.visits])
        .filter((visit) => !this.#executor.isGivenUp(visit));
      for (const [index, visit] of visits.entries()) {
        if (this.#executor.isInterrupted) return;
        const later = (blocks - 1 - block) * BLOCK;
        const remaining = visits.map((each, at) => ({
          visit: each,
          cells: each.cells,
          times: later + (at >= index ? BLOCK : 0),
        }));
        const next = { visit, cells: visit.cells, times: BLOCK };
        if (block > 0 && schedule.lastingMs([next]) > schedule.budgetLeftMs) {
          warnings.push(warning(
            "budget-ended",
            `the budget of ${settings.budgetSeconds} s ended in block ${block + 1} of ${blocks}; ` +
              "raise --budget or name fewer cells",
          ));
          return;
        }
        const cells = random.shuffle([...visit.cells]);
        // The first block is always finished, so that no cell goes without a pair.
        const certain = block > 0 ? [] : remaining.map((trip) => ({
          ...trip,
          times: trip.times - later,
        }));
        const order = ORDERS[random.integer(ORDERS.length)]!;
        await this.#block(visit, cells, order, remaining, certain);
      }
    }
  }

  /** Four trials of one visit; neighbours of different sides are pairs. */
  async #block(
    visit: PlannedVisit,
    cells: readonly PlannedCell[],
    order: readonly Side[],
    remaining: readonly Trip[],
    certain: readonly Trip[],
  ): Promise<void> {
    const { schedule } = this.#executor;
    const targetMs = schedule.targetMs(remaining);
    const trials = remaining.reduce((sum, { times }) => sum + times, 0);
    const figures: { side: Side; of: Map<string, number> }[] = [];
    for (const [index, side] of order.entries()) {
      const { status, results, missed } = await this.#executor.execute({
        visit,
        cells,
        targetMs,
        trialsLeft: trials - index,
        secondsLeft: schedule.leftMs(
          schedule.lastingMs(remaining, targetMs),
          schedule.lastingMs(certain, targetMs),
        ) / 1000,
        launcher: this.#options.launchers[side],
        label: ` on side ${side}`,
      });
      if (status === "interrupted" || this.#executor.isInterrupted) return;
      for (const { id, reason } of missed) this.#fail(id, reason);
      if (this.#executor.isGivenUp(visit)) return;
      figures.push({ side, of: this.#figures(results) });
    }
    for (let at = 0; at < BLOCK; at += 2) {
      const [first, second] = [figures[at]!, figures[at + 1]!];
      const [a, b] = first.side === "a" ? [first.of, second.of] : [second.of, first.of];
      for (const [id, figure] of a) {
        const other = b.get(id);
        if (other !== undefined) this.#pairsOf(id).push([figure, other]);
      }
    }
  }

  /** The estimates of one trial by the cells' ids. */
  #figures(results: readonly CellResult[]): Map<string, number> {
    const figures = new Map<string, number>();
    for (const result of results) {
      if (result.status === "measured") figures.set(result.id, result.estimate);
      else this.#fail(result.id, result.reason);
    }
    return figures;
  }

  #pairsOf(id: string): [number, number][] {
    const pairs = this.#pairs.get(id) ?? [];
    this.#pairs.set(id, pairs);
    return pairs;
  }

  #fail(id: string, reason: string): void {
    const reasons = this.#failures.get(id) ?? new Set();
    this.#failures.set(id, reasons.add(reason));
  }

  result(): Interleaved {
    const cells = this.#options.plan.visits.flatMap((visit) => visit.cells);
    return {
      cells: cells.map(({ dimensions }) => ({
        dimensions,
        pairs: this.#pairs.get(dimensions.id) ?? [],
        failures: [...this.#failures.get(dimensions.id) ?? []],
      })),
      seconds: this.#executor.seconds,
      complete: !this.#executor.isInterrupted,
      warnings: [...new Set(this.#executor.warnings.map(({ text }) => text))],
    };
  }
}
