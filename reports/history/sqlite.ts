/**
 * The history in one SQLite file.
 *
 * The file is in WAL mode, so readers never wait for a writer, and a writer that is killed leaves
 * it as it was before the transaction (https://www.sqlite.org/wal.html).
 *
 * @module
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { parseRun } from "../../workloads/runner/run_file.ts";
import { APPLICATION_ID, migrate, MIGRATIONS, versionOf } from "./migrations.ts";
import {
  baselineRuns,
  isSameRun,
  LARGEST_DOCUMENT,
  requireBound,
  type Row,
  storedBaseline,
  storedHost,
  storedRun,
  trendPoint,
} from "./rows.ts";
import { translating } from "./sqlite_failures.ts";
import type {
  Baseline,
  PruneOptions,
  RunFilter,
  Store,
  StoredHost,
  StoredRun,
  TrendPoint,
} from "./store.ts";

/** How long a writer waits for another one. */
const BUSY_MS = 20_000;

/**
 * Opens the history in a file; a file that is missing or empty becomes a new one.
 *
 * @throws {InputError} the file is damaged, no history, of a newer version, or cannot be opened; it
 * stays as it is
 */
export function openSqlite(path: string): Store {
  return translating(path, () => {
    refuseCutOff(path);
    const database = new DatabaseSync(path, { timeout: BUSY_MS });
    try {
      refuseForeign(path, database);
      database.exec("PRAGMA auto_vacuum = INCREMENTAL");
      database.exec("PRAGMA journal_mode = WAL");
      database.exec("PRAGMA synchronous = FULL");
      migrate(database);
      return new SqliteStore(path, database);
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/**
 * SQLite itself notices a missing end only when it needs a page from there.
 *
 * While other processes have the file open there is a write-ahead log, and its size is their affair.
 */
function refuseCutOff(path: string): void {
  const before = headerOf(path);
  const size = sizeOf(path);
  if (size === 0 || sizeOf(`${path}-wal`) > 0) return;
  const header = headerOf(path);
  if (header.some((byte, i) => byte !== before[i])) return;
  if (!new TextDecoder().decode(header).startsWith("SQLite format 3\0")) {
    throw new Error("file is not a database");
  }
  // https://www.sqlite.org/fileformat2.html#the_database_header
  const view = new DataView(header.buffer);
  const pageSize = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
  if (size < pageSize * view.getUint32(28)) throw new Error("database disk image is malformed");
}

function headerOf(path: string): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(100);
  if (sizeOf(path) === 0) return header;
  using file = Deno.openSync(path);
  file.readSync(header);
  return header;
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function refuseForeign(path: string, database: DatabaseSync): void {
  const number = (sql: string) => Number(Object.values(database.prepare(sql).get()!)[0]);
  // One snapshot for all three: another process may be making the tables right now.
  database.exec("BEGIN");
  const version = versionOf(database);
  const application = number("PRAGMA application_id");
  const tables = number("SELECT count(*) FROM sqlite_schema");
  database.exec("COMMIT");
  if (tables > 0 && application !== APPLICATION_ID) {
    throw new InputError(`Cannot open ${path} as the history: it is a database of something else`);
  }
  if (version < 0) {
    throw new InputError(`Cannot open ${path} as the history: there is no version ${version}`);
  }
  if (version > MIGRATIONS.length) {
    throw new InputError(
      `Cannot open ${path} as the history: its version is ${version}, this suite reads up to ` +
        `${MIGRATIONS.length}; use the newer suite`,
    );
  }
}

const RUN_COLUMNS = `runs.id, started_ms, machine_key, hostname, kernel, deno, version, profile,
  label, complete, duration_seconds, measured, not_applicable, failed`;

class SqliteStore implements Store {
  readonly url: string;
  readonly schemaVersion = MIGRATIONS.length;
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();
  #open = true;

  constructor(path: string, database: DatabaseSync) {
    this.url = `sqlite:${path}`;
    this.#path = path;
    this.#database = database;
  }

  add(run: RunDocument): Promise<boolean> {
    const text = JSON.stringify(run);
    const body = gzipSync(text);
    return this.#write(() => {
      const present = this.#get("SELECT number, complete FROM runs WHERE id = ?", run.id);
      if (present !== undefined) {
        const stored = this.#documentText(run.id, Number(present.number));
        if (isSameRun(stored, text)) return false;
        if (present.complete === 1) {
          throw new InputError(
            `Cannot store the run ${run.id} in ${this.#path}: another run has this id`,
          );
        }
        this.#run("DELETE FROM runs WHERE number = ?", Number(present.number));
      }
      this.#insert(run, body, present === undefined ? null : Number(present.number));
      return present === undefined;
    });
  }

  #insert(run: RunDocument, body: Uint8Array, number: number | null): void {
    const startedMs = Date.parse(run.startedAt);
    if (Number.isNaN(startedMs)) {
      throw new InputError(`Cannot store the run ${run.id}: no such time as ${run.startedAt}`);
    }
    const count = (status: string) => run.cells.filter((cell) => cell.status === status).length;
    const row = this.#get(
      `INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number`,
      number,
      run.id,
      startedMs,
      run.host.machineKey,
      run.host.hostname,
      run.host.kernel,
      run.tool.deno,
      run.tool.version,
      run.settings.profile,
      run.label,
      Number(run.complete),
      run.durationSeconds,
      count("measured"),
      count("not-applicable"),
      count("failed"),
    )!;
    this.#run("INSERT INTO documents VALUES (?, ?)", Number(row.number), body);
    for (const cell of run.cells) {
      if (cell.status !== "measured") continue;
      this.#run(
        "INSERT INTO cell_names (id, facility) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
        cell.id,
        cell.facility,
      );
      this.#run(
        `INSERT INTO cells SELECT number, ?, ?, ?, ?, ? FROM cell_names WHERE id = ?`,
        Number(row.number),
        cell.estimate,
        ...cell.ci95,
        cell.trials.length,
        cell.id,
      );
    }
  }

  get(id: string): Promise<RunDocument | null> {
    return this.#read(() => this.#document(id));
  }

  #document(id: string): RunDocument | null {
    const row = this.#get("SELECT number FROM runs WHERE id = ?", id);
    if (row === undefined) return null;
    return parseRun(this.#documentText(id, Number(row.number)), `${id} in ${this.#path}`);
  }

  #documentText(id: string, number: number): string {
    const row = this.#get("SELECT body FROM documents WHERE run = ?", number);
    try {
      const body = gunzipSync(row?.body as Uint8Array, { maxOutputLength: LARGEST_DOCUMENT });
      return new TextDecoder().decode(body);
    } catch (cause) {
      throw new InputError(`Cannot read the run ${id} in ${this.#path}: it is damaged`, { cause });
    }
  }

  list(filter: RunFilter = {}): Promise<StoredRun[]> {
    return this.#read(() => this.#list(filter));
  }

  #list(filter: RunFilter): StoredRun[] {
    const { where, values } = conditions(filter);
    return this.#all(
      `SELECT ${RUN_COLUMNS} FROM runs ${where} ORDER BY started_ms DESC, runs.id LIMIT ?`,
      ...values,
      filter.limit ?? -1,
    ).map(storedRun);
  }

  latest(filter: Omit<RunFilter, "limit"> = {}): Promise<RunDocument | null> {
    return this.#read(() => {
      const [newest] = this.#list({ ...filter, limit: 1 });
      return newest === undefined ? null : this.#document(newest.id);
    });
  }

  hosts(filter: Omit<RunFilter, "limit"> = {}): Promise<StoredHost[]> {
    return this.#read(() => {
      const { where, values } = conditions(filter);
      return this.#all(
        `SELECT * FROM (
           SELECT ${RUN_COLUMNS}, count(*) OVER host AS runs, min(started_ms) OVER host AS since_ms,
             row_number() OVER (host ORDER BY started_ms DESC, id) AS place
           FROM runs ${where} WINDOW host AS (PARTITION BY hostname, machine_key)
         ) WHERE place = 1 ORDER BY started_ms DESC, id`,
        ...values,
      ).map(storedHost);
    });
  }

  trend(cell: string, machineKey: string | null, filter: RunFilter = {}): Promise<TrendPoint[]> {
    return this.#read(() => {
      const all = machineKey === null;
      const { where, values } = conditions({ ...filter, ...(!all && { machineKey }) });
      return this.#all(
        `SELECT ${RUN_COLUMNS}, estimate, low, high, trials
           FROM cell_names JOIN cells ON cell = cell_names.number
             JOIN runs ON runs.number = cells.run
           ${where === "" ? "WHERE" : `${where} AND`} cell_names.id = ?
           ORDER BY started_ms DESC, runs.id LIMIT ?`,
        ...values,
        cell,
        filter.limit ?? -1,
      ).reverse().map(trendPoint);
    });
  }

  setBaseline(name: string, ids: readonly string[]): Promise<Baseline> {
    return this.#write(() => {
      const known = (id: string) =>
        this.#get("SELECT number, machine_key FROM runs WHERE id = ?", id);
      const { runs, machineKey } = baselineRuns(name, ids, known, this.#path);
      this.#run("DELETE FROM baselines WHERE name = ? AND machine_key = ?", name, machineKey);
      const { number } = this.#get(
        "INSERT INTO baselines (name, machine_key, set_ms) VALUES (?, ?, ?) RETURNING number",
        name,
        machineKey,
        Date.now(),
      )!;
      for (const run of runs) {
        this.#run(
          "INSERT OR IGNORE INTO baseline_runs VALUES (?, ?)",
          Number(number),
          Number(run.number),
        );
      }
      return this.#baselines("WHERE baselines.number = ?", Number(number))[0]!;
    });
  }

  baseline(name: string, machineKey: string): Promise<Baseline | null> {
    return this.#read(() =>
      this.#baselines("WHERE name = ? AND baselines.machine_key = ?", name, machineKey)[0] ?? null
    );
  }

  baselines(machineKey?: string): Promise<Baseline[]> {
    return this.#read(() =>
      machineKey === undefined
        ? this.#baselines("")
        : this.#baselines("WHERE baselines.machine_key = ?", machineKey)
    );
  }

  #baselines(where: string, ...values: SQLInputValue[]): Baseline[] {
    return this.#all(
      `SELECT name, baselines.machine_key, set_ms,
         json_group_array(runs.id ORDER BY started_ms, runs.id) AS runs
       FROM baselines JOIN baseline_runs ON baseline = baselines.number
         JOIN runs ON runs.number = run
       ${where} GROUP BY baselines.number ORDER BY set_ms DESC, baselines.number DESC`,
      ...values,
    ).map(storedBaseline);
  }

  clearBaseline(name: string, machineKey?: string): Promise<boolean> {
    return this.#write(() =>
      this.#run(
        "DELETE FROM baselines WHERE name = ? AND machine_key = coalesce(?, machine_key)",
        name,
        machineKey ?? null,
      ) > 0
    );
  }

  remove(id: string): Promise<boolean> {
    return this.#write(() => {
      const baseline = this.#get(
        `SELECT name FROM baselines JOIN baseline_runs ON baseline = baselines.number
           JOIN runs ON runs.number = run WHERE runs.id = ?`,
        id,
      );
      if (baseline !== undefined) {
        throw new InputError(
          `Cannot remove the run ${id}: it belongs to the baseline ${baseline.name}, clear that first`,
        );
      }
      return this.#run("DELETE FROM runs WHERE id = ?", id) > 0;
    }, true);
  }

  prune(options: PruneOptions): Promise<string[]> {
    const { keep, before, machineKey } = options;
    return this.#write(() => {
      requireBound(options);
      return this.#all(
        `DELETE FROM runs WHERE number IN (
           SELECT number FROM (
             SELECT number, started_ms, row_number() OVER (
               PARTITION BY machine_key ORDER BY started_ms DESC, id
             ) AS place
             FROM runs WHERE machine_key = coalesce(?, machine_key)
           ) WHERE place > ? AND started_ms < ? AND number NOT IN (SELECT run FROM baseline_runs)
         ) RETURNING id`,
        machineKey ?? null,
        keep ?? 0,
        before?.getTime() ?? Number.MAX_SAFE_INTEGER,
      ).map((row) => String(row.id)).sort();
    }, true);
  }

  close(): Promise<void> {
    return this.#async(() => {
      if (this.#open) this.#database.close();
      this.#open = false;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #read<T>(work: () => T): Promise<T> {
    return this.#async(() => this.#transaction("BEGIN", work));
  }

  #write<T>(work: () => T, shrinks = false): Promise<T> {
    return this.#async(() => {
      const result = this.#transaction("BEGIN IMMEDIATE", work);
      // One page a row: all rows must be read for all pages to be given back.
      if (shrinks) this.#all("PRAGMA incremental_vacuum");
      return result;
    });
  }

  #transaction<T>(begin: string, work: () => T): T {
    this.#database.exec(begin);
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      // Some errors, such as a full disk, have ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** SQLite is synchronous; what it throws becomes a rejection all the same. */
  #async<T>(work: () => T): Promise<T> {
    return Promise.try(() => translating(this.#path, work));
  }

  #statement(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }

  #get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  #run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }
}

function conditions({ idPrefix, machineKey, hostname, kernel, facility, since }: RunFilter) {
  const terms: string[] = [];
  const values: SQLInputValue[] = [];
  if (idPrefix !== undefined) {
    terms.push("substr(runs.id, 1, length(?)) = ?");
    values.push(idPrefix, idPrefix);
  }
  if (machineKey !== undefined) {
    terms.push("machine_key = ?");
    values.push(machineKey);
  }
  if (hostname !== undefined) {
    terms.push("hostname = ?");
    values.push(hostname);
  }
  if (kernel !== undefined) {
    terms.push("kernel = ?");
    values.push(kernel);
  }
  if (since !== undefined) {
    terms.push("started_ms >= ?");
    values.push(since.getTime());
  }
  if (facility !== undefined) {
    terms.push(
      `EXISTS (SELECT 1 FROM cell_names AS names CROSS JOIN cells AS measured
         ON measured.cell = names.number AND measured.run = runs.number WHERE names.facility = ?)`,
    );
    values.push(facility);
  }
  return { where: terms.length === 0 ? "" : `WHERE ${terms.join(" AND ")}`, values };
}
