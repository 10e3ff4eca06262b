/**
 * A run: every trial of a plan in interleaved rounds, and the document that comes of it.
 *
 * @module
 */
import { currentSecond } from "../../facilities/libc/time.ts";
import { newRunId, RunFolder } from "../../facilities/run_folder.ts";
import { Accumulator, type Context } from "./accumulate.ts";
import { calibrationOf, clockStep } from "./calibration.ts";
import type { Cell, Host, RunDocument, Settings, Warning } from "./document.ts";
import { SCHEMA_ID } from "./document.ts";
import { keepAwake } from "./keep_awake.ts";
import { LikeWithLike } from "./like_with_like.ts";
import type { Plan, PlannedVisit } from "./plan.ts";
import { createRandom, type Random } from "./random.ts";
import { NARROW_ENOUGH, Rounds } from "./rounds.ts";
import { runWarnings } from "./run_warnings.ts";
import { Schedule, type Trip } from "./schedule.ts";
import type { SpinnersLink } from "./spinners.ts";
import { runTrial } from "./trial.ts";
import { setupsOf } from "./visit.ts";
import { warning } from "./warning.ts";
import { Watch } from "./watch.ts";

/** What a run says of itself while it goes on. */
export interface Progress {
  readonly trialsDone: number;
  readonly trialsPlanned: number;
  readonly secondsLeft: number;
  /** The facility that is visited now. */
  readonly facility: string;
}

export interface RunOptions {
  readonly plan: Plan;
  readonly settings: Settings;
  readonly host: Host;
  readonly label: string | null;
  readonly version: string;
  /** Where folders for the trials' files are made. */
  readonly temporary: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Aborting keeps what was measured. */
  readonly signal?: AbortSignal;
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

/** After so many lost trials in a row a facility is not visited again. */
const GIVE_UP_AFTER = 2;

/** With fewer trials nothing can be said of how many more a cell needs. */
const LEAST_TO_JUDGE = 6;

/** Of so many cells the histograms would fill the memory. */
const MANY_CELLS = 1_000;

/** Measures a plan. */
export async function measure(options: RunOptions): Promise<RunDocument> {
  const { settings, signal } = options;
  const id = newRunId();
  const startedAt = new Date().toISOString();
  const folder = new RunFolder(options.temporary, id);
  let run: Run;
  try {
    run = await Run.create(options, folder.path);
    await using awake = settings.awake ? await keepAwake(run.measuredCpus) : null;
    await run.rounds(awake?.link);
  } finally {
    folder[Symbol.dispose]();
  }
  if (folder.isThere) {
    run.warnings.push(
      warning("left-behind", `something is left in ${folder.path}: deno task clean`),
    );
  }
  const like = run.compareLike();
  const cells = run.cells(like);
  return {
    schema: SCHEMA_ID,
    id,
    startedAt,
    durationSeconds: run.seconds,
    complete: !signal?.aborted,
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
      ...run.warnings,
      ...run.watch.warnings(),
      ...runWarnings(cells, like.states, settings),
    ],
  };
}

class Run {
  readonly warnings: Warning[] = [];
  readonly clockStepNs = clockStep();
  readonly watch: Watch;
  readonly #options: RunOptions;
  readonly #folder: string;
  readonly #random: Random;
  /** Apart from the order of trials, which is the seed's alone. */
  readonly #resampling: Random;
  readonly #schedule: Schedule;
  readonly #accumulators: Map<string, Accumulator>;
  readonly #rounds: Rounds;
  readonly #lostInARow = new Map<PlannedVisit, number>();
  #spinners: SpinnersLink | undefined;
  #done = 0;
  #lastTargetMs = 0;

  private constructor(
    options: RunOptions,
    folder: string,
    accumulators: Map<string, Accumulator>,
  ) {
    this.#options = options;
    this.#folder = folder;
    this.#random = createRandom(options.settings.seed);
    this.#resampling = createRandom(options.settings.seed);
    this.#schedule = new Schedule(options.settings.budgetSeconds);
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

  static async create(options: RunOptions, folder: string): Promise<Run> {
    const accumulators = new Map<string, Accumulator>();
    const cells = options.plan.visits.flatMap((visit) => visit.cells);
    for (const planned of cells) {
      const accumulator = await Accumulator.create(planned, cells.length > MANY_CELLS);
      accumulators.set(planned.task.id, accumulator);
    }
    return new Run(options, folder, accumulators);
  }

  get seconds(): number {
    return this.#schedule.elapsedMs / 1000;
  }

  get measuredCpus(): number[] {
    const tasks = this.#options.plan.visits.flatMap(({ cells }) => cells);
    return [...new Set(tasks.flatMap(({ task }) => task.cpus))];
  }

  /** All rounds, each in random order, until all cells are done or the budget ends. */
  async rounds(spinners?: SpinnersLink): Promise<void> {
    const { settings, signal } = this.#options;
    this.#spinners = spinners;
    for (let round = 0;; round++) {
      if (round >= LEAST_TO_JUDGE) {
        const context = this.#context(this.compareLike());
        for (const accumulator of this.#accumulators.values()) accumulator.judge(context);
      }
      const trips = this.#random.shuffle(this.#rounds.trips(round));
      let visited = 0;
      for (const [index, trip] of trips.entries()) {
        if (signal?.aborted) return;
        // The first round is always finished, so that no cell goes without a figure.
        if (round > 0 && this.#schedule.lastingMs([trip]) > this.#schedule.budgetLeftMs) {
          if (!this.#rounds.isAskedFor(round)) continue;
          this.warnings.push(warning(
            "budget-ended",
            `the budget of ${settings.budgetSeconds} s ended in round ${round + 1} of ` +
              `${settings.trials}; raise --budget or name fewer cells`,
          ));
          return;
        }
        visited++;
        await this.#visit(trip, trips.slice(index), round);
        // A trial that was lost in the first round is made up for, or its cells might go without one.
        if (round === 0 && this.#lostInARow.get(trip.visit) === 1) trips.push(trip);
      }
      this.watch.look();
      if (visited === 0) return;
    }
  }

  /** How long each cell is timed now; in further rounds as long as in the last that was asked for. */
  #targetMs(remaining: readonly Trip[], round: number): number {
    if (this.#rounds.isAskedFor(round)) {
      this.#lastTargetMs = this.#schedule.targetMs(remaining);
    }
    return this.#lastTargetMs;
  }

  /** One trial; `rest` is what remains of the round, this trial included. */
  async #visit(trip: Trip, rest: readonly Trip[], round: number): Promise<void> {
    const { visit } = trip;
    const { onProgress, signal } = this.#options;
    const remaining = [...rest, ...this.#rounds.later(round)];
    const targetMs = this.#targetMs(remaining, round);
    onProgress?.({
      trialsDone: this.#done,
      trialsPlanned: this.#done + remaining.reduce((sum, { times }) => sum + times, 0),
      secondsLeft: this.#rounds.leftMs(this.#schedule, remaining, targetMs) / 1000,
      facility: visit.facility ?? "control rows",
    });
    const cells = this.#random.shuffle([...trip.cells]).map(({ task, leastMs }) => ({
      ...task,
      targetNs: Math.round(Math.max(targetMs, leastMs) * 1e6),
    }));
    const timedMs = cells.reduce((sum, { targetNs }) => sum + targetNs / 1e6, 0);
    const started = performance.now();
    const { result: end, marks } = await this.watch.during(() =>
      runTrial({
        facility: visit.facility,
        participants: visit.participants,
        count: Math.max(...cells.map(({ count }) => count)),
        setups: visit.setups,
        cells,
        folder: `${this.#folder}/${this.#done}`,
        baseSecond: currentSecond(),
        spinners: this.#spinners,
      }, { deadlineMs: Math.ceil(20_000 + 20 * timedMs), signal })
    );
    this.#done++;
    for (const result of end.results) this.#of(result.id).add(result, marks);
    if (end.status === "interrupted") return;
    this.#schedule.learn(trip, targetMs, performance.now() - started);

    const name = visit.facility ?? "control rows";
    const reached = new Set(end.results.map(({ id }) => id));
    const missed = cells.filter(({ id }) => !reached.has(id)).map(({ id }) => this.#of(id));
    if (end.status === "failed") {
      const lost = (this.#lostInARow.get(visit) ?? 0) + 1;
      this.#lostInARow.set(visit, lost);
      if (lost === GIVE_UP_AFTER) this.#rounds.giveUp(visit);
      this.warnings.push(warning("trial-lost", `a trial of ${name} was lost: ${end.reason}`));
      for (const cell of missed) cell.fail(end.reason);
      return;
    }
    this.#lostInARow.delete(visit);
    const { unavailable, aborted } = end.report;
    for (const { setup, code, message } of unavailable) {
      for (const { id } of cells.filter((cell) => setupsOf(cell).includes(setup))) {
        if (LACKING.includes(code)) this.#of(id).lack(message);
        else this.#of(id).fail(message);
      }
    }
    if (aborted !== null) {
      this.warnings.push(
        warning("trial-ended-early", `a trial of ${name} ended early: ${aborted}`),
      );
      for (const cell of missed) cell.fail(aborted);
    }
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
