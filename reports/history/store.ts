/**
 * The history of runs, as every store keeps it.
 *
 * @module
 */
import type { RunDocument } from "../../workloads/runner/document.ts";
import { InputError } from "../../workloads/runner/errors.ts";

/** The run itself is why it cannot be stored, not the store: nothing that comes later changes that. */
export class RefusedRun extends InputError {}

/** Another run with this id is stored already. */
export class TakenId extends RefusedRun {
  constructor(id: string, url: string) {
    super(`Cannot store the run ${id} in ${url}: another run has this id`);
  }
}

/** What a list shows of a stored run. */
export interface StoredRun {
  id: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  machineKey: string;
  hostname: string;
  kernel: string;
  deno: string;
  version: string;
  profile: string;
  label: string | null;
  complete: boolean;
  durationSeconds: number;
  /** Cells by their status. */
  measured: number;
  notApplicable: number;
  failed: number;
}

export interface RunFilter {
  /** Only runs whose id begins so. */
  idPrefix?: string;
  machineKey?: string;
  hostname?: string;
  kernel?: string;
  /** Only runs that measured a cell of this facility. */
  facility?: string;
  /** Only runs that started then or later. */
  since?: Date;
  limit?: number;
}

/** What an overview shows of a host: a hostname with a machine key. */
export interface StoredHost {
  hostname: string;
  machineKey: string;
  /** How many of its runs pass the filter. */
  runs: number;
  /** When the oldest of them started: ISO 8601, UTC. */
  since: string;
  newest: StoredRun;
}

/** One cell's figure in one run. */
export interface TrendPoint {
  run: StoredRun;
  estimate: number;
  ci95: [number, number];
  trials: number;
}

/** Several runs of one machine key that later runs are held against. */
export interface Baseline {
  name: string;
  machineKey: string;
  /** ISO 8601, UTC. */
  setAt: string;
  /** Ids of its runs, oldest run first. */
  runs: string[];
}

/** How long a writer waits for other processes, or for its server. */
export interface Wait {
  /** @default the store's own */
  patienceMs?: number;
  /** Ends waiting. */
  signal?: AbortSignal;
}

export interface PruneOptions {
  /** Keeps the newest runs of each machine key, so many. */
  keep?: number;
  /** Keeps the runs that started then or later. */
  before?: Date;
  machineKey?: string;
}

/**
 * Stored runs and baselines. Lists begin with the newest run, ties in the order of ids.
 *
 * Every method may throw an `InputError`, where the store is damaged or the argument is wrong, and
 * a `SuiteError`, where the store cannot be written.
 */
export interface Store extends AsyncDisposable {
  /** Where the store is, without a password. */
  readonly url: string;
  readonly schemaVersion: number;

  /**
   * Stores a run, and tells whether it was new. A run that is there already stays; one that was
   * stored incomplete is replaced.
   *
   * @throws {RefusedRun} another run has this id, or the run can never be stored
   */
  add(run: RunDocument, wait?: Wait): Promise<boolean>;
  get(id: string): Promise<RunDocument | null>;
  list(filter?: RunFilter): Promise<StoredRun[]>;
  /** The newest run that passes the filter. */
  latest(filter?: Omit<RunFilter, "limit">): Promise<RunDocument | null>;
  /** The hosts whose runs pass the filter; the one that ran last comes first. */
  hosts(filter?: Omit<RunFilter, "limit">): Promise<StoredHost[]>;
  /**
   * One cell over the runs of one machine key, or with null of all, oldest first; with a limit the
   * newest ones.
   */
  trend(cell: string, machineKey: string | null, filter?: RunFilter): Promise<TrendPoint[]>;

  /**
   * Names runs as a baseline of their machine key; a baseline of that name is replaced.
   *
   * @throws {InputError} no run, one that is not stored, or runs of several machine keys
   */
  setBaseline(name: string, runs: readonly string[]): Promise<Baseline>;
  baseline(name: string, machineKey: string): Promise<Baseline | null>;
  /** The one set last comes first. */
  baselines(machineKey?: string): Promise<Baseline[]>;
  /** Forgets a name, its runs stay; without a machine key for all of them. */
  clearBaseline(name: string, machineKey?: string): Promise<boolean>;

  /**
   * Removes a run, and tells whether it was there.
   *
   * @throws {InputError} the run belongs to a baseline
   */
  remove(id: string): Promise<boolean>;
  /**
   * Removes the runs that no option keeps, and returns their ids; runs of a baseline always stay.
   *
   * @throws {InputError} neither `keep` nor `before` is given
   */
  prune(options: PruneOptions): Promise<string[]>;
  close(): Promise<void>;
}
