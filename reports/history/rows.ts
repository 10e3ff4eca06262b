/**
 * What the rows of a store mean, whichever database they come from: both select the same columns.
 *
 * @module
 */
import type { RunDocument } from "../../workloads/runner/document.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { faultIn, parseRun } from "../../workloads/runner/run_file.ts";
import {
  type Baseline,
  type PruneOptions,
  RefusedRun,
  type StoredHost,
  type StoredRun,
  type TrendPoint,
} from "./store.ts";

/** A row by its columns. */
export type Row = Record<string, unknown>;

/** A stored document that unpacks to more than this is no run. */
export const LARGEST_DOCUMENT = 2 ** 29;

/** @throws {RefusedRun} naming the field that is not as the schema says, and what it holds */
export function requireSound(run: RunDocument): void {
  const fault = faultIn(run);
  if (fault !== null) throw new RefusedRun(`Cannot store the run ${run.id}: ${fault}`);
}

/** Whether a stored text is the run that `text` is, too where an older suite stored it. */
export function isSameRun(stored: string, text: string): boolean {
  if (stored === text) return true;
  try {
    return JSON.stringify(parseRun(stored, "the store")) === text;
  } catch {
    return false;
  }
}

/** A run's facts; SQLite says 1 where PostgreSQL says true. */
export function storedRun(row: Row): StoredRun {
  return {
    id: String(row.id),
    startedAt: moment(row.started_ms),
    machineKey: String(row.machine_key),
    hostname: String(row.hostname),
    kernel: String(row.kernel),
    deno: String(row.deno),
    version: String(row.version),
    profile: String(row.profile),
    label: row.label === null ? null : String(row.label),
    complete: row.complete === true || row.complete === 1,
    durationSeconds: Number(row.duration_seconds),
    measured: Number(row.measured),
    notApplicable: Number(row.not_applicable),
    failed: Number(row.failed),
  };
}

/** A host, beside its newest run. */
export function storedHost(row: Row): StoredHost {
  return {
    hostname: String(row.hostname),
    machineKey: String(row.machine_key),
    runs: Number(row.runs),
    since: moment(row.since_ms),
    newest: storedRun(row),
  };
}

/** A cell's figure, beside its run. */
export function trendPoint(row: Row): TrendPoint {
  return {
    run: storedRun(row),
    estimate: Number(row.estimate),
    ci95: [Number(row.low), Number(row.high)],
    trials: Number(row.trials),
  };
}

/** A baseline; the ids of its runs are a JSON array. */
export function storedBaseline(row: Row): Baseline {
  return {
    name: String(row.name),
    machineKey: String(row.machine_key),
    setAt: moment(row.set_ms),
    runs: JSON.parse(String(row.runs)),
  };
}

function moment(milliseconds: unknown): string {
  return new Date(Number(milliseconds)).toISOString();
}

/**
 * The rows of the runs that a baseline is to have, in the order of their ids, and the machine that
 * all of them are of.
 *
 * @param found what a store knows of a run, by its id
 * @param url of the store, for the message
 * @throws {InputError} no name, no runs, unknown ones, or several machines'
 */
export function baselineRuns(
  name: string,
  ids: readonly string[],
  found: (id: string) => Row | undefined,
  url: string,
): { runs: Row[]; machineKey: string } {
  const refuse = (reason: string) => new InputError(`Cannot set the baseline ${name}: ${reason}`);
  if (name.trim() === "") throw new InputError("Cannot set a baseline without a name");
  if (ids.length === 0) throw refuse("it needs a run at least, better five or more");
  const runs = ids.map((id) => {
    const run = found(id);
    if (run === undefined) throw refuse(`there is no run ${id} in ${url}`);
    return run;
  });
  const keys = [...new Set(runs.map((run) => String(run.machine_key)))];
  if (keys.length > 1) throw refuse(`its runs are of several machines: ${keys.join(", ")}`);
  return { runs, machineKey: keys[0]! };
}

/** @throws {InputError} nothing bounds what would be pruned */
export function requireBound({ keep, before }: PruneOptions): void {
  if (keep === undefined && before === undefined) {
    throw new InputError("Cannot prune without a number of runs to keep or a time");
  }
}
