/**
 * Two ways to start the participants, measured side by side: in ABBA blocks, each with the same cells
 * in the same order for the same time, so that whatever drifts falls on both alike.
 *
 * @module
 */
import { mkdir } from "../../facilities/libc/sys_stat.ts";
import { currentSecond } from "../../facilities/libc/time.ts";
import { geteuid } from "../../facilities/libc/unistd.ts";
import { removeScopes } from "../../facilities/scope.ts";
import type { Settings } from "./document.ts";
import { keepAwake } from "./keep_awake.ts";
import type { Plan, PlannedCell, PlannedVisit } from "./plan.ts";
import { createRandom } from "./random.ts";
import { Schedule, type Trip } from "./schedule.ts";
import type { SpinnersLink } from "./spinners.ts";
import { type Launcher, runTrial } from "./trial.ts";

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

export interface InterleaveOptions {
  readonly plan: Plan;
  /** `trials` is the number of pairs. */
  readonly settings: Settings;
  readonly launchers: Readonly<Record<Side, Launcher>>;
  /** Where folders for the trials' files are made. */
  readonly temporary: string;
  readonly onProgress?: (progress: {
    trialsDone: number;
    trialsPlanned: number;
    secondsLeft: number;
    facility: string;
  }) => void;
  /** Aborting keeps the whole blocks that were measured. */
  readonly signal?: AbortSignal;
}

/** The order within a block; which side begins is drawn anew for each. */
const ORDERS: readonly (readonly Side[])[] = [["a", "b", "b", "a"], ["b", "a", "a", "b"]];
const BLOCK = 4;

/** Measures block after block until each cell has its pairs or the budget ends. */
export async function interleave(options: InterleaveOptions): Promise<Interleaved> {
  const id = crypto.getRandomValues(new Uint8Array(8)).toHex();
  const folder = `${options.temporary}/ipc-taxonomy-${geteuid()}-${id}`;
  mkdir(folder);
  const run = new InterleavedRun(options, folder);
  try {
    await using awake = options.settings.awake ? await keepAwake(cpusOf(options.plan)) : null;
    return await run.measure(awake?.link);
  } finally {
    removeScopes(folder);
  }
}

function cpusOf({ visits }: Plan): number[] {
  return [...new Set(visits.flatMap(({ cells }) => cells.flatMap(({ task }) => task.cpus)))];
}

class InterleavedRun {
  readonly #options: InterleaveOptions;
  readonly #folder: string;
  readonly #schedule: Schedule;
  readonly #pairs = new Map<string, [number, number][]>();
  readonly #failures = new Map<string, Set<string>>();
  readonly #warnings = new Set<string>();
  #spinners: SpinnersLink | undefined;
  #done = 0;

  constructor(options: InterleaveOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.#schedule = new Schedule(options.settings.budgetSeconds);
  }

  async measure(spinners?: SpinnersLink): Promise<Interleaved> {
    this.#spinners = spinners;
    const { plan, settings, signal } = this.#options;
    const random = createRandom(settings.seed);
    const blocks = Math.ceil(settings.trials / 2);
    for (let block = 0; block < blocks && !signal?.aborted; block++) {
      const visits = random.shuffle([...plan.visits]);
      for (const [index, visit] of visits.entries()) {
        if (signal?.aborted) break;
        const later = (blocks - 1 - block) * BLOCK;
        const remaining = plan.visits.map((each) => ({
          visit: each,
          cells: each.cells,
          times: later + (visits.indexOf(each) >= index ? BLOCK : 0),
        }));
        const next = { visit, cells: visit.cells, times: BLOCK };
        if (block > 0 && this.#schedule.lastingMs([next]) > this.#schedule.budgetLeftMs) {
          this.#warnings.add(
            `the budget of ${settings.budgetSeconds} s ended in block ${block + 1} of ${blocks}; ` +
              "raise --budget or name fewer cells",
          );
          return this.#result();
        }
        const cells = random.shuffle([...visit.cells]);
        await this.#block(visit, cells, ORDERS[random.integer(ORDERS.length)]!, remaining);
      }
    }
    return this.#result();
  }

  /** Four trials of one visit; neighbours of different sides are pairs. */
  async #block(
    visit: PlannedVisit,
    planned: readonly PlannedCell[],
    order: readonly Side[],
    remaining: readonly Trip[],
  ): Promise<void> {
    const targetMs = this.#schedule.targetMs(remaining);
    const figures: { side: Side; of: Map<string, number> }[] = [];
    for (const [index, side] of order.entries()) {
      this.#options.onProgress?.({
        trialsDone: this.#done,
        trialsPlanned: this.#done + remaining.reduce((sum, { times }) => sum + times, 0) - index,
        secondsLeft: this.#schedule.lastingMs(remaining, targetMs) / 1000,
        facility: visit.facility ?? "control rows",
      });
      figures.push({ side, of: await this.#trial(visit, planned, side, targetMs) });
      if (this.#options.signal?.aborted) return;
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

  async #trial(
    visit: PlannedVisit,
    planned: readonly PlannedCell[],
    side: Side,
    targetMs: number,
  ): Promise<Map<string, number>> {
    const { launchers, signal } = this.#options;
    const cells = planned.map(({ task, leastMs }) => ({
      ...task,
      targetNs: Math.round(Math.max(targetMs, leastMs) * 1e6),
    }));
    const timedMs = cells.reduce((sum, { targetNs }) => sum + targetNs / 1e6, 0);
    const started = performance.now();
    const end = await runTrial({
      facility: visit.facility,
      participants: visit.participants,
      count: visit.count,
      setups: visit.setups,
      cells,
      folder: `${this.#folder}/${this.#done++}`,
      baseSecond: currentSecond(),
      spinners: this.#spinners,
    }, { deadlineMs: Math.ceil(20_000 + 20 * timedMs), signal, launcher: launchers[side] });
    const figures = new Map<string, number>();
    if (end.status === "interrupted") return figures;
    this.#schedule.learn(
      { visit, cells: planned, times: 1 },
      targetMs,
      performance.now() - started,
    );
    for (const result of end.results) {
      if (result.status === "measured") figures.set(result.id, result.estimate);
      else this.#fail(result.id, result.reason);
    }
    if (end.status === "failed") {
      const name = visit.facility ?? "control rows";
      this.#warnings.add(`a trial of ${name} was lost on side ${side}: ${end.reason}`);
      for (const { id } of cells) if (!figures.has(id)) this.#fail(id, end.reason);
    } else {
      for (const { message } of end.report.unavailable) {
        for (const { id } of cells) if (!figures.has(id)) this.#fail(id, message);
      }
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

  #result(): Interleaved {
    const cells = this.#options.plan.visits.flatMap((visit) => visit.cells);
    return {
      cells: cells.map(({ dimensions }) => ({
        dimensions,
        pairs: this.#pairs.get(dimensions.id) ?? [],
        failures: [...this.#failures.get(dimensions.id) ?? []],
      })),
      seconds: this.#schedule.elapsedMs / 1000,
      complete: !this.#options.signal?.aborted,
      warnings: [...this.#warnings],
    };
  }
}
