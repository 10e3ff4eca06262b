/**
 * The tables of the PostgreSQL history, version by version.
 *
 * A step is never changed once it has been published; what comes later is a step more.
 *
 * @module
 */
import type { Sql } from "postgres";
import { codeOf } from "./connect.ts";

/** Writers that meet on a new database go one after the other: "IPCT". */
const LOCK = 0x49504354;

const RUNS_CELLS_BASELINES = `
  CREATE TABLE ipc_taxonomy.machines (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE
  );
  CREATE TABLE ipc_taxonomy.runs (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- In the order of its bytes, whatever the database's own order is.
    id text COLLATE "C" NOT NULL UNIQUE,
    started_at timestamptz NOT NULL,
    machine integer NOT NULL REFERENCES ipc_taxonomy.machines,
    hostname text NOT NULL,
    kernel text NOT NULL,
    deno text NOT NULL,
    version text NOT NULL,
    profile text NOT NULL,
    label text,
    complete boolean NOT NULL,
    duration_seconds double precision NOT NULL,
    measured integer NOT NULL,
    not_applicable integer NOT NULL,
    failed integer NOT NULL
  );
  CREATE INDEX runs_by_start ON ipc_taxonomy.runs (started_at DESC, id);
  CREATE INDEX runs_by_machine ON ipc_taxonomy.runs (machine, started_at DESC, id);
  CREATE INDEX runs_by_host ON ipc_taxonomy.runs (hostname, machine, started_at DESC, id);

  -- Apart from runs, so that lists do not read past them; zstd of the JSON, so nothing to pack.
  CREATE TABLE ipc_taxonomy.documents (
    run bigint PRIMARY KEY REFERENCES ipc_taxonomy.runs ON DELETE CASCADE,
    body bytea NOT NULL,
    facilities text[] NOT NULL,
    -- The numbers of the measured cells: they lead from a run to its rows in cells.
    cells integer[] NOT NULL
  );
  -- Not within the table's definition, where only PostgreSQL 16 and newer take it.
  ALTER TABLE ipc_taxonomy.documents ALTER COLUMN body SET STORAGE EXTERNAL;

  CREATE TABLE ipc_taxonomy.cell_names (
    number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE
  );
  -- A run writes hundreds of these at once and removes them with itself: no foreign keys, and no
  -- second index.
  CREATE TABLE ipc_taxonomy.cells (
    cell integer NOT NULL,
    machine integer NOT NULL,
    started_at timestamptz NOT NULL,
    run bigint NOT NULL,
    estimate double precision NOT NULL,
    low double precision NOT NULL,
    high double precision NOT NULL,
    trials smallint NOT NULL,
    PRIMARY KEY (cell, machine, started_at, run)
  );

  CREATE TABLE ipc_taxonomy.baselines (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    machine integer NOT NULL REFERENCES ipc_taxonomy.machines,
    set_at timestamptz NOT NULL,
    UNIQUE (name, machine)
  );
  CREATE TABLE ipc_taxonomy.baseline_runs (
    baseline bigint REFERENCES ipc_taxonomy.baselines ON DELETE CASCADE,
    run bigint REFERENCES ipc_taxonomy.runs,
    PRIMARY KEY (baseline, run)
  );
  CREATE INDEX baseline_runs_by_run ON ipc_taxonomy.baseline_runs (run);
`;

/** The step at index i leads from version i to i + 1. */
export const MIGRATIONS: readonly string[] = [RUNS_CELLS_BASELINES];

/** The number of steps that a database has behind it; 0 for a new one. */
export async function versionOf(sql: Sql): Promise<number> {
  try {
    const [row] = await sql.unsafe("SELECT number FROM ipc_taxonomy.version");
    return Number(row?.number ?? 0);
  } catch (error) {
    // No such table, no such schema.
    if (/^(42P01|3F000)$/.test(codeOf(error) ?? "")) return 0;
    throw error;
  }
}

/**
 * Brings a database to the newest version, each step whole or not at all.
 *
 * @throws {Error} a step fails; the database stays at the version before it
 */
export async function migrate(sql: Sql, steps: readonly string[] = MIGRATIONS): Promise<void> {
  while (await versionOf(sql) < steps.length) await oneStep(sql, steps);
}

async function oneStep(sql: Sql, steps: readonly string[]): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction.unsafe(`SELECT pg_advisory_xact_lock(${LOCK})`);
    const [found] = await transaction.unsafe(
      "SELECT to_regnamespace('ipc_taxonomy') AS place, to_regclass('ipc_taxonomy.version') AS counter",
    );
    // Asked for first: who may not make schemas may still use one that was made for them.
    if (found!.place === null) await transaction.unsafe("CREATE SCHEMA ipc_taxonomy");
    if (found!.counter === null) {
      await transaction.unsafe("CREATE TABLE ipc_taxonomy.version (number integer NOT NULL)");
      await transaction.unsafe("INSERT INTO ipc_taxonomy.version VALUES (0)");
    }
    // Read again under the lock: another writer may have gone ahead meanwhile.
    const [row] = await transaction.unsafe("SELECT number FROM ipc_taxonomy.version");
    const version = Number(row!.number);
    const step = steps[version];
    if (step === undefined) return;
    await transaction.unsafe(step).simple();
    await transaction.unsafe(`UPDATE ipc_taxonomy.version SET number = ${version + 1}`);
  });
}
