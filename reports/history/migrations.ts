/**
 * The tables of the SQLite history, version by version.
 *
 * A step is never changed once it has been published; what comes later is a step more.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";

/** Marks the file as a history of this suite: "IPCT". */
export const APPLICATION_ID = 0x49504354;

const RUNS_CELLS_BASELINES = `
  CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    started_ms INTEGER NOT NULL,
    machine_key TEXT NOT NULL,
    hostname TEXT NOT NULL,
    kernel TEXT NOT NULL,
    deno TEXT NOT NULL,
    version TEXT NOT NULL,
    profile TEXT NOT NULL,
    label TEXT,
    complete INTEGER NOT NULL,
    duration_seconds REAL NOT NULL,
    measured INTEGER NOT NULL,
    not_applicable INTEGER NOT NULL,
    failed INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_start ON runs (started_ms DESC, id);
  CREATE INDEX runs_by_machine ON runs (machine_key, started_ms DESC, id);

  -- Apart from runs, so that lists do not read past them; gzip of the JSON.
  CREATE TABLE documents (
    run INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    body BLOB NOT NULL
  ) STRICT;

  CREATE TABLE cell_names (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    facility TEXT NOT NULL
  ) STRICT;
  CREATE INDEX cell_names_by_facility ON cell_names (facility);

  CREATE TABLE cells (
    cell INTEGER NOT NULL REFERENCES cell_names,
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    estimate REAL NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    trials INTEGER NOT NULL,
    PRIMARY KEY (cell, run)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX cells_by_run ON cells (run);

  CREATE TABLE baselines (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    machine_key TEXT NOT NULL,
    set_ms INTEGER NOT NULL,
    UNIQUE (name, machine_key)
  ) STRICT;
  CREATE TABLE baseline_runs (
    baseline INTEGER NOT NULL REFERENCES baselines ON DELETE CASCADE,
    -- Deferred, so that a run that was incomplete may be replaced.
    run INTEGER NOT NULL REFERENCES runs DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (baseline, run)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX baseline_runs_by_run ON baseline_runs (run);
`;

/** The step at index i leads from version i to i + 1. */
export const MIGRATIONS: readonly string[] = [RUNS_CELLS_BASELINES];

/**
 * Brings a database to the newest version, each step whole or not at all.
 *
 * @throws {Error} a step fails; the database stays at the version before it
 */
export function migrate(database: DatabaseSync, steps: readonly string[] = MIGRATIONS): void {
  while (versionOf(database) < steps.length) {
    database.exec("BEGIN IMMEDIATE");
    try {
      // Read again under the lock: another process may have gone ahead meanwhile.
      const version = versionOf(database);
      const step = steps[version];
      if (step !== undefined) {
        database.exec(step);
        database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
        database.exec(`PRAGMA user_version = ${version + 1}`);
      }
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  }
}

/** The number of steps that a database has behind it; 0 for a new one. */
export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()!.user_version);
}
