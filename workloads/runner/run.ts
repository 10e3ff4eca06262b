/**
 * A run: every trial of a plan in interleaved rounds, and the document that comes of it.
 *
 * @module
 */
import { currentSecond } from "../../facilities/libc/time.ts";
import { newRunId, RunFolder } from "../../facilities/run_folder.ts";
import { Accumulator } from "./accumulate.ts";
import { calibrationOf, clockStep } from "./calibration.ts";
import type { Cell, Host, RunDocument, Settings } from "./document.ts";
import { SCHEMA_ID } from "./document.ts";
import { keepAwake } from "./keep_awake.ts";
import type { Plan, PlannedVisit } from "./plan.ts";
import { createRandom, type Random } from "./random.ts";
import { Schedule } from "./schedule.ts";
import { runTrial } from "./trial.ts";

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
  "ENOSYS",
  "EPERM",
  "EACCES",
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

/** Measures a plan. */
export async function measure(options: RunOptions): Promise<RunDocument> {
  const { settings, signal } = options;
  const id = newRunId();
  const startedAt = new Date().toISOString();
  const folder = new RunFolder(options.temporary, id);
  let run: Run;
  try {
    run = await Run.create(options, folder.path);
    await using _awake = settings.awake ? await keepAwake(run.measuredCpus) : null;
    await run.rounds();
  } finally {
    folder[Symbol.dispose]();
  }
  if (folder.isThere) run.warnings.push(`something is left in ${folder.path}: deno task clean`);
  const cells = run.cells();
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
    cells,
    claims: [],
    warnings: run.warnings,
  };
}

class Run {
  readonly warnings: string[] = [];
  readonly clockStepNs = clockStep();
  readonly #options: RunOptions;
  readonly #folder: string;
  readonly #random: Random;
  readonly #schedule: Schedule;
  readonly #accumulators: Map<string, Accumulator>;
  readonly #lostInARow = new Map<PlannedVisit, number>();
  #done = 0;

  private constructor(
    options: RunOptions,
    folder: string,
    accumulators: Map<string, Accumulator>,
  ) {
    this.#options = options;
    this.#folder = folder;
    this.#random = createRandom(options.settings.seed);
    this.#schedule = new Schedule(options.settings.budgetSeconds);
    this.#accumulators = accumulators;
  }

  static async create(options: RunOptions, folder: string): Promise<Run> {
    const accumulators = new Map<string, Accumulator>();
    for (const planned of options.plan.visits.flatMap(({ cells }) => cells)) {
      accumulators.set(planned.task.id, await Accumulator.create(planned));
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

  /** All rounds: in each, every facility is visited once, in random order. */
  async rounds(): Promise<void> {
    const { plan, settings } = this.#options;
    for (let round = 0; round < settings.trials; round++) {
      const order = this.#random.shuffle([...plan.visits]);
      for (const [index, visit] of order.entries()) {
        const later = Array(settings.trials - 1 - round).fill(plan.visits).flat();
        const remaining = [...order.slice(index), ...later];
        if (this.#options.signal?.aborted) return;
        // The first round is always finished, so that no cell goes without a figure.
        if (round > 0 && this.#schedule.exhausted) {
          this.warnings.push(
            `the budget of ${settings.budgetSeconds} s ended in round ${round + 1} of ` +
              `${settings.trials}; raise --budget or name fewer cells`,
          );
          return;
        }
        await this.#visit(visit, remaining);
      }
    }
  }

  async #visit(visit: PlannedVisit, remaining: readonly PlannedVisit[]): Promise<void> {
    if (this.#lostInARow.get(visit) === GIVE_UP_AFTER) return;
    const { settings, onProgress, signal } = this.#options;
    onProgress?.({
      trialsDone: this.#done,
      trialsPlanned: settings.trials * this.#options.plan.visits.length,
      secondsLeft: this.#schedule.leftMs(remaining) / 1000,
      facility: visit.facility ?? "control rows",
    });
    const targetMs = this.#schedule.targetMs(remaining);
    const cells = this.#random.shuffle([...visit.cells]).map(({ task }) => ({
      ...task,
      targetNs: Math.round(targetMs * 1e6),
    }));
    const started = performance.now();
    const end = await runTrial({
      facility: visit.facility,
      participants: visit.participants,
      count: visit.count,
      setups: visit.setups,
      cells,
      folder: `${this.#folder}/${this.#done}`,
      baseSecond: currentSecond(),
    }, { deadlineMs: Math.ceil(20_000 + 20 * targetMs * cells.length), signal });
    this.#done++;
    if (end.status === "interrupted") return;
    this.#schedule.learn(visit, performance.now() - started, targetMs * cells.length);

    const name = visit.facility ?? "control rows";
    if (end.status === "failed") {
      this.#lostInARow.set(visit, (this.#lostInARow.get(visit) ?? 0) + 1);
      this.warnings.push(`a trial of ${name} was lost: ${end.reason}`);
      for (const { id } of cells) this.#of(id).fail(end.reason);
      return;
    }
    this.#lostInARow.delete(visit);
    const { results, unavailable, aborted } = end.report;
    for (const result of results) this.#of(result.id).add(result);
    for (const { setup, code, message } of unavailable) {
      for (const { id } of cells.filter((cell) => cell.setup === setup)) {
        if (LACKING.includes(code)) this.#of(id).lack(message);
        else this.#of(id).fail(message);
      }
    }
    if (aborted !== null) {
      this.warnings.push(`a trial of ${name} ended early: ${aborted}`);
      const reached = new Set(results.map(({ id }) => id));
      for (const { id } of cells) if (!reached.has(id)) this.#of(id).fail(aborted);
    }
  }

  #of(id: string): Accumulator {
    return this.#accumulators.get(id)!;
  }

  /** All cells: the measured ones in the plan's order, then those that are not applicable. */
  cells(): Cell[] {
    const measured = [...this.#accumulators.values()].map((each) =>
      each.cell(this.#random, this.clockStepNs)
    );
    return [...measured.filter((cell) => cell !== null), ...this.#options.plan.inapplicable];
  }
}
