/**
 * A run: every trial of a plan in interleaved rounds, and the document that comes of it.
 *
 * @module
 */
import { newRunId } from "../../facilities/run_folder.ts";
import { Accumulator, type Context } from "./accumulate.ts";
import { budgetEnded } from "./budget.ts";
import { calibrationOf, clockStep } from "./calibration.ts";
import type { Cell, Host, RunDocument, Settings } from "./document.ts";
import { SCHEMA_ID } from "./document.ts";
import { Executor, type ExecutorOptions, type TrialOutcome } from "./executor.ts";
import { LikeWithLike } from "./like_with_like.ts";
import type { Plan } from "./plan.ts";
import { createRandom, type Random } from "./random.ts";
import { NARROW_ENOUGH, Rounds } from "./rounds.ts";
import { runWarnings } from "./run_warnings.ts";
import type { Trip } from "./schedule.ts";
import { warning } from "./warning.ts";
import { Watch } from "./watch.ts";

/** Aborting the signal keeps what was measured. */
export interface RunOptions extends Pick<ExecutorOptions, "temporary" | "onProgress" | "signal"> {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly host: Host;
  readonly label: string | null;
  readonly version: string;
}

/** Error names that say "not on this machine" rather than "wrong". */
const LACKING = [
  "limit",
  "ENAMETOOLONG",
  "ENOSYS",
  "EPERM",
  "EACCES",
  "EROFS",
  "EMFILE",
  "ENFILE",
  "ENOSPC",
  "ENOMEM",
  "ENODEV",
  "EAFNOSUPPORT",
  "EOPNOTSUPP",
];

/** With fewer trials nothing can be said of how many more a cell needs. */
const LEAST_TO_JUDGE = 6;

/** Of so many cells the histograms would fill the memory. */
const MANY_CELLS = 1_000;

/** Measures a plan. */
export async function measure(options: RunOptions): Promise<RunDocument> {
  const { settings } = options;
  const id = newRunId();
  const startedAt = new Date().toISOString();
  const executor = new Executor({ ...options, id, budgetSeconds: settings.budgetSeconds });
  let run: Run;
  {
    await using _ = executor;
    run = await Run.create(options, executor);
    if (settings.awake) await executor.keepAwake(run.measuredCpus);
    await run.rounds();
  }
  const like = run.compareLike();
  const cells = run.cells(like);
  return {
    schema: SCHEMA_ID,
    id,
    startedAt,
    durationSeconds: executor.seconds,
    complete: !executor.isInterrupted,
    tool: { version: options.version, deno: Deno.version.deno, v8: Deno.version.v8 },
    host: options.host,
    settings,
    label: options.label,
    calibration: calibrationOf(cells, run.clockStepNs),
    ...(like.states.length > 0 && { states: like.states }),
    facilities: [...options.plan.facilities],
    cells,
    claims: [],
    warnings: [
      ...executor.warnings,
      ...run.watch.warnings(),
      ...runWarnings(cells, like.states, settings),
    ],
  };
}

class Run {
  readonly clockStepNs = clockStep();
  readonly watch: Watch;
  readonly #options: RunOptions;
  readonly #executor: Executor;
  readonly #random: Random;
  /** Apart from the order of trials, which is the seed's alone. */
  readonly #resampling: Random;
  readonly #accumulators: Map<string, Accumulator>;
  readonly #rounds: Rounds;
  #lastTargetMs = 0;

  private constructor(
    options: RunOptions,
    executor: Executor,
    accumulators: Map<string, Accumulator>,
  ) {
    this.#options = options;
    this.#executor = executor;
    this.#random = createRandom(options.settings.seed);
    this.#resampling = createRandom(options.settings.seed);
    this.#accumulators = accumulators;
    const all = options.host.topology.map(({ cpu }) => cpu);
    this.watch = new Watch(this.measuredCpus.length > 0 ? this.measuredCpus : all);
    this.#rounds = new Rounds({
      visits: options.plan.visits,
      trials: options.settings.trials,
      adaptive: options.settings.adaptive ?? false,
      trialsTo: ({ task }) => this.#of(task.id).trialsTo(NARROW_ENOUGH),
    });
  }

  static async create(options: RunOptions, executor: Executor): Promise<Run> {
    const accumulators = new Map<string, Accumulator>();
    const cells = options.plan.visits.flatMap((visit) => visit.cells);
    for (const planned of cells) {
      const accumulator = await Accumulator.create(planned, cells.length > MANY_CELLS);
      accumulators.set(planned.task.id, accumulator);
    }
    return new Run(options, executor, accumulators);
  }

  get measuredCpus(): number[] {
    const tasks = this.#options.plan.visits.flatMap(({ cells }) => cells);
    return [...new Set(tasks.flatMap(({ task }) => task.cpus))];
  }

  /** All rounds, each in random order, until all cells are done or the budget ends. */
  async rounds(): Promise<void> {
    const { settings } = this.#options;
    const { schedule, warnings } = this.#executor;
    for (let round = 0;; round++) {
      if (round >= LEAST_TO_JUDGE) {
        const context = this.#context(this.compareLike());
        for (const accumulator of this.#accumulators.values()) accumulator.judge(context);
      }
      const trips = this.#random.shuffle(this.#rounds.trips(round));
      let visited = 0;
      for (const [index, trip] of trips.entries()) {
        if (this.#executor.isInterrupted) return;
        // The first round is always finished, so that no cell goes without a figure.
        if (round > 0 && schedule.lastingMs([trip]) > schedule.budgetLeftMs) {
          if (!this.#rounds.isAskedFor(round)) continue;
          warnings.push(warning(
            "budget-ended",
            budgetEnded(round, this.#options.plan.visits, settings, schedule),
          ));
          return;
        }
        visited++;
        const { lostInARow } = await this.#visit(trip, trips.slice(index), round);
        // A trial that was lost in the first round is made up for, or its cells might go without one.
        if (round === 0 && lostInARow === 1) trips.push(trip);
      }
      this.watch.look();
      if (visited === 0) return;
    }
  }

  /** How long each cell is timed now; in further rounds as long as in the last that was asked for. */
  #targetMs(remaining: readonly Trip[], round: number): number {
    if (this.#rounds.isAskedFor(round)) {
      this.#lastTargetMs = this.#executor.schedule.targetMs(remaining);
    }
    return this.#lastTargetMs;
  }

  /** One trial; `rest` is what remains of the round, this trial included. */
  async #visit(trip: Trip, rest: readonly Trip[], round: number): Promise<TrialOutcome> {
    const { visit } = trip;
    const remaining = [...rest, ...this.#rounds.later(round)];
    const targetMs = this.#targetMs(remaining, round);
    const outcome = await this.#executor.execute({
      visit,
      cells: this.#random.shuffle([...trip.cells]),
      targetMs,
      trialsLeft: remaining.reduce((sum, { times }) => sum + times, 0),
      secondsLeft: this.#rounds.leftMs(
        ...[this.#executor.schedule, remaining, targetMs, round === 0 ? rest : []] as const,
      ) / 1000,
      watch: this.watch,
    });
    for (const result of outcome.results) this.#of(result.id).add(result, outcome.marks);
    for (const { id, reason, code } of outcome.missed) {
      if (code !== null && LACKING.includes(code)) this.#of(id).lack(reason);
      else this.#of(id).fail(reason);
    }
    if (this.#executor.isGivenUp(visit)) this.#rounds.giveUp(visit);
    return outcome;
  }

  #of(id: string): Accumulator {
    return this.#accumulators.get(id)!;
  }

  #context(like: LikeWithLike): Context {
    return { random: this.#resampling, clockStepNs: this.clockStepNs, like };
  }

  /** The states that the machine was in, as far as the trials so far tell. */
  compareLike(): LikeWithLike {
    return new LikeWithLike([...this.#accumulators.values()].flatMap(({ trials }) => trials));
  }

  /** All cells: the measured ones in the plan's order, then those that are not applicable. */
  cells(like: LikeWithLike): Cell[] {
    const context = this.#context(like);
    const measured = [...this.#accumulators.values()].map((each) => each.cell(context));
    return [...measured.filter((cell) => cell !== null), ...this.#options.plan.inapplicable];
  }
}
