/**
 * The executor of trials, for every command that runs some: the folder of the run, the awake-keepers,
 * the schedule, each trial's deadline, the progress, and the rule for lost trials.
 *
 * @module
 */
import { currentSecond } from "../../facilities/libc/time.ts";
import { newRunId, RunFolder } from "../../facilities/run_folder.ts";
import type { Warning } from "./document.ts";
import { SuiteError } from "./errors.ts";
import { keepAwake } from "./keep_awake.ts";
import type { PlannedCell, PlannedVisit } from "./plan.ts";
import { Schedule } from "./schedule.ts";
import type { SpinnersLink } from "./spinners.ts";
import { type Launcher, runTrial, type TrialEnd } from "./trial.ts";
import { type CellResult, type CellTask, setupsOf, type Visit } from "./visit.ts";
import { warning } from "./warning.ts";
import type { Watch } from "./watch.ts";

/** What a run says of itself while it goes on. */
export interface Progress {
  readonly trialsDone: number;
  readonly trialsPlanned: number;
  readonly secondsLeft: number;
  /** The facility that is visited now. */
  readonly facility: string;
}

export interface ExecutorOptions {
  /** Stands before the run's id in the name of its folder; a run of `bench` has none. */
  readonly kind?: "fidelity" | "interleave";
  /** @default a new one */
  readonly id?: string;
  /** Where the folder of the run is made. */
  readonly temporary: string;
  readonly budgetSeconds: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Aborting ends the trial under way, and all later ones before they begin. */
  readonly signal?: AbortSignal;
}

/** A trial to execute, and what comes after it. */
export interface TrialRequest {
  readonly visit: PlannedVisit;
  /** The cells in the order in which they are measured. */
  readonly cells: readonly PlannedCell[];
  /** How long each cell is timed, milliseconds. */
  readonly targetMs: number;
  /** Trials that remain of the run, this one included. */
  readonly trialsLeft: number;
  readonly secondsLeft: number;
  /** How its processes are started; as this one is when absent. */
  readonly launcher?: Launcher;
  /** Stands behind the facility's name in what is said of the trial. */
  readonly label?: string;
  /** Looks what else goes on meanwhile. */
  readonly watch?: Watch;
  /** Gets each result while the participants sleep, who go on when it resolves. */
  readonly onStep?: (result: CellResult) => Promise<void>;
}

/** A cell of a trial that has no result. */
export interface MissedCell {
  readonly id: string;
  readonly reason: string;
  /** The errno's name where its kernel objects could not be made; else null. */
  readonly code: string | null;
}

/** What became of a trial. */
export interface TrialOutcome {
  readonly status: "done" | "lost" | "interrupted";
  readonly results: readonly CellResult[];
  /** What the watch saw. */
  readonly marks: readonly Warning[];
  /** The cells without a result, where the trial was not interrupted. */
  readonly missed: readonly MissedCell[];
  /** How many trials of this visit in a row were lost by now. */
  readonly lostInARow: number;
}

/** After so many lost trials in a row a facility is not visited again. */
const GIVE_UP_AFTER = 2;

/** A trial is over time after so long, and so many times its timed regions, milliseconds. */
const DEADLINE = { least: 20_000, timed: 20 };
/** What whoever takes a step may do meanwhile, milliseconds. */
const STEP_MS = 420;

/** Executes trials one after the other, and takes away what they made. */
export class Executor implements AsyncDisposable {
  readonly schedule: Schedule;
  /** What has to be said of the trials. */
  readonly warnings: Warning[] = [];
  readonly #options: ExecutorOptions;
  readonly #folder: RunFolder;
  readonly #resources = new AsyncDisposableStack();
  readonly #lostInARow = new Map<PlannedVisit, number>();
  #spinners: SpinnersLink | undefined;
  #begun = 0;

  /** @throws {SystemCallError} the folder cannot be made: EACCES, EEXIST, ENOENT, ENOSPC, EROFS */
  constructor(options: ExecutorOptions) {
    const { kind, id = newRunId(), temporary, budgetSeconds } = options;
    this.#options = options;
    this.schedule = new Schedule(budgetSeconds);
    this.#folder = this.#resources.use(new RunFolder(temporary, kind ? `${kind}-${id}` : id));
  }

  /** The folder of the run, for what else it makes. */
  get folder(): string {
    return this.#folder.path;
  }

  get seconds(): number {
    return this.schedule.elapsedMs / 1000;
  }

  /** How many trials were begun. */
  get trials(): number {
    return this.#begun;
  }

  get isInterrupted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** Whether too many trials of a visit in a row were lost for another one. */
  isGivenUp(visit: PlannedVisit): boolean {
    return (this.#lostInARow.get(visit) ?? 0) >= GIVE_UP_AFTER;
  }

  /** Keeps CPUs out of idle states until the executor is disposed. @throws {Error} */
  async keepAwake(cpus: readonly number[]): Promise<void> {
    this.#spinners = this.#resources.use(await keepAwake(cpus)).link;
  }

  /** Executes one trial; it is lost, too, where `onStep` rejects with a `SuiteError`. */
  async execute(request: TrialRequest): Promise<TrialOutcome> {
    const { visit, targetMs, launcher, watch, onStep } = request;
    this.#report(request);
    const cells = request.cells.map(({ task, leastMs }) => ({
      ...task,
      targetNs: Math.round(Math.max(targetMs, leastMs) * 1e6),
    }));
    const started = performance.now();
    const task: Visit = {
      facility: visit.facility,
      participants: visit.participants,
      count: Math.max(...cells.map(({ count }) => count)),
      setups: visit.setups,
      cells,
      folder: `${this.folder}/${this.#begun++}`,
      baseSecond: currentSecond(),
      spinners: this.#spinners,
      ...(onStep && { stepwise: true }),
    };
    const { signal } = this.#options;
    const options = { deadlineMs: deadlineOf(cells, onStep), signal, launcher, onStep };
    const trial = () => runTrial(task, options).catch(asLost);
    const { result: end, marks } = watch
      ? await watch.during(trial)
      : { result: await trial(), marks: [] };
    const { results } = end;
    if (end.status === "interrupted") {
      return { status: "interrupted", results, marks, missed: [], lostInARow: 0 };
    }
    const trip = { visit, cells: request.cells, times: 1 };
    this.schedule.learn(trip, targetMs, performance.now() - started);
    const lostInARow = end.status === "failed" ? (this.#lostInARow.get(visit) ?? 0) + 1 : 0;
    this.#lostInARow.set(visit, lostInARow);
    this.#warn(request, end);
    const status = end.status === "failed" ? "lost" : "done";
    return { status, results, marks, missed: missedOf(cells, end), lostInARow };
  }

  #report({ visit, trialsLeft, secondsLeft }: TrialRequest): void {
    this.#options.onProgress?.({
      trialsDone: this.#begun,
      trialsPlanned: this.#begun + trialsLeft,
      secondsLeft,
      facility: nameOf(visit),
    });
  }

  #warn({ visit, label = "" }: TrialRequest, end: TrialEnd): void {
    const trial = `a trial of ${nameOf(visit)}${label}`;
    if (end.status === "failed") {
      this.warnings.push(warning("trial-lost", `${trial} was lost: ${end.reason}`));
    } else if (end.status === "reported" && end.report.aborted !== null) {
      this.warnings.push(
        warning("trial-ended-early", `${trial} ended early: ${end.report.aborted}`),
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#resources.disposed) return;
    await this.#resources.disposeAsync();
    if (this.#folder.isThere) {
      this.warnings.push(
        warning("left-behind", `something is left in ${this.folder}: deno task clean`),
      );
    }
  }
}

function nameOf({ facility, title }: PlannedVisit): string {
  return title ?? facility ?? "control rows";
}

/** The end of a trial whose steps the suite could not take. */
function asLost(error: unknown): TrialEnd {
  if (error instanceof SuiteError) return { status: "failed", reason: error.message, results: [] };
  throw error;
}

function deadlineOf(cells: readonly CellTask[], onStep: TrialRequest["onStep"]): number {
  const timedMs = cells.reduce((sum, { targetNs }) => sum + targetNs / 1e6, 0);
  const stepsMs = onStep ? STEP_MS * cells.length : 0;
  return Math.ceil(DEADLINE.least + DEADLINE.timed * timedMs + stepsMs);
}

/** Why each cell without a result has none. */
function missedOf(
  cells: readonly CellTask[],
  end: Exclude<TrialEnd, { status: "interrupted" }>,
): MissedCell[] {
  const reached = new Set(end.results.map(({ id }) => id));
  const missing = cells.filter(({ id }) => !reached.has(id));
  if (end.status === "failed") {
    return missing.map(({ id }) => ({ id, reason: end.reason, code: null }));
  }
  const { unavailable, aborted } = end.report;
  return missing.flatMap((cell): MissedCell[] => {
    const { id } = cell;
    const lacking = unavailable.find(({ setup }) => setupsOf(cell).includes(setup));
    if (lacking) return [{ id, reason: lacking.message, code: lacking.code }];
    return aborted === null ? [] : [{ id, reason: aborted, code: null }];
  });
}
