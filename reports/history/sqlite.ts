/**
 * The history in one SQLite file.
 *
 * @module
 */
import type { SQLInputValue } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { parseRun } from "../../workloads/runner/run_file.ts";
import { MIGRATIONS } from "./migrations.ts";
import {
  baselineRuns,
  isSameRun,
  LARGEST_DOCUMENT,
  requireBound,
  requireSound,
  storedBaseline,
  storedHost,
  storedRun,
  trendPoint,
} from "./rows.ts";
import { SqliteConnection } from "./sqlite_connection.ts";
import {
  type Baseline,
  type PruneOptions,
  RefusedRun,
  type RunFilter,
  type Store,
  type StoredHost,
  type StoredRun,
  TakenId,
  type TrendPoint,
  type Wait,
} from "./store.ts";

/**
 * Opens the history in a file; a file that is missing or empty becomes a new one.
 *
 * @throws {InputError} the file is damaged, no history, of a newer version, or cannot be opened; it
 * stays as it is
 * @throws {SuiteError} another process has it locked
 */
export async function openSqlite(path: string, wait: Wait = {}): Promise<SqliteStore> {
  return new SqliteStore(await SqliteConnection.open(path, wait));
}

const RUN_COLUMNS = `runs.id, started_ms, machine_key, hostname, kernel, deno, version, profile,
  label, complete, duration_seconds, measured, not_applicable, failed`;

export class SqliteStore implements Store {
  readonly url: string;
  readonly schemaVersion = MIGRATIONS.length;
  readonly #file: SqliteConnection;

  constructor(file: SqliteConnection) {
    this.url = `sqlite:${file.path}`;
    this.#file = file;
  }

  /** @throws {InputError} the file takes no writes */
  async requireWritable(): Promise<void> {
    await this.#file.requireWritable();
  }

  async add(run: RunDocument, wait: Wait = {}): Promise<boolean> {
    requireSound(run);
    const text = JSON.stringify(run);
    const body = gzipSync(text);
    return await this.#file.write(() => {
      const present = this.#file.get("SELECT number, complete FROM runs WHERE id = ?", run.id);
      if (present !== undefined) {
        const stored = this.#documentText(run.id, Number(present.number));
        if (isSameRun(stored, text)) return false;
        if (present.complete === 1) throw new TakenId(run.id, this.#file.path);
        this.#file.run("DELETE FROM runs WHERE number = ?", Number(present.number));
      }
      this.#insert(run, body, present === undefined ? null : Number(present.number));
      return present === undefined;
    }, wait);
  }

  #insert(run: RunDocument, body: Uint8Array, number: number | null): void {
    const startedMs = Date.parse(run.startedAt);
    if (Number.isNaN(startedMs)) {
      throw new RefusedRun(`Cannot store the run ${run.id}: no such time as ${run.startedAt}`);
    }
    const count = (status: string) => run.cells.filter((cell) => cell.status === status).length;
    const row = this.#file.get(
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
    this.#file.run("INSERT INTO documents VALUES (?, ?)", Number(row.number), body);
    for (const cell of run.cells) {
      if (cell.status !== "measured") continue;
      this.#file.run(
        "INSERT INTO cell_names (id, facility) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
        cell.id,
        cell.facility,
      );
      this.#file.run(
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
    return this.#file.read(() => this.#document(id));
  }

  #document(id: string): RunDocument | null {
    const row = this.#file.get("SELECT number FROM runs WHERE id = ?", id);
    if (row === undefined) return null;
    return parseRun(this.#documentText(id, Number(row.number)), `${id} in ${this.#file.path}`);
  }

  #documentText(id: string, number: number): string {
    const row = this.#file.get("SELECT body FROM documents WHERE run = ?", number);
    try {
      const body = gunzipSync(row?.body as Uint8Array, { maxOutputLength: LARGEST_DOCUMENT });
      return new TextDecoder().decode(body);
    } catch (cause) {
      throw new InputError(`Cannot read the run ${id} in ${this.#file.path}: it is damaged`, {
        cause,
      });
    }
  }

  list(filter: RunFilter = {}): Promise<StoredRun[]> {
    return this.#file.read(() => this.#list(filter));
  }

  #list(filter: RunFilter): StoredRun[] {
    const { where, values } = conditions(filter);
    return this.#file.all(
      `SELECT ${RUN_COLUMNS} FROM runs ${where} ORDER BY started_ms DESC, runs.id LIMIT ?`,
      ...values,
      filter.limit ?? -1,
    ).map(storedRun);
  }

  latest(filter: Omit<RunFilter, "limit"> = {}): Promise<RunDocument | null> {
    return this.#file.read(() => {
      const [newest] = this.#list({ ...filter, limit: 1 });
      return newest === undefined ? null : this.#document(newest.id);
    });
  }

  hosts(filter: Omit<RunFilter, "limit"> = {}): Promise<StoredHost[]> {
    return this.#file.read(() => {
      const { where, values } = conditions(filter);
      return this.#file.all(
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
    return this.#file.read(() => {
      const all = machineKey === null;
      const { where, values } = conditions({ ...filter, ...(!all && { machineKey }) });
      return this.#file.all(
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
    return this.#file.write(() => {
      const known = (id: string) =>
        this.#file.get("SELECT number, machine_key FROM runs WHERE id = ?", id);
      const { runs, machineKey } = baselineRuns(name, ids, known, this.#file.path);
      this.#file.run("DELETE FROM baselines WHERE name = ? AND machine_key = ?", name, machineKey);
      const { number } = this.#file.get(
        "INSERT INTO baselines (name, machine_key, set_ms) VALUES (?, ?, ?) RETURNING number",
        name,
        machineKey,
        Date.now(),
      )!;
      for (const run of runs) {
        this.#file.run(
          "INSERT OR IGNORE INTO baseline_runs VALUES (?, ?)",
          Number(number),
          Number(run.number),
        );
      }
      return this.#baselines("WHERE baselines.number = ?", Number(number))[0]!;
    });
  }

  baseline(name: string, machineKey: string): Promise<Baseline | null> {
    return this.#file.read(() =>
      this.#baselines("WHERE name = ? AND baselines.machine_key = ?", name, machineKey)[0] ?? null
    );
  }

  baselines(machineKey?: string): Promise<Baseline[]> {
    return this.#file.read(() =>
      machineKey === undefined
        ? this.#baselines("")
        : this.#baselines("WHERE baselines.machine_key = ?", machineKey)
    );
  }

  #baselines(where: string, ...values: SQLInputValue[]): Baseline[] {
    return this.#file.all(
      `SELECT name, baselines.machine_key, set_ms,
         json_group_array(runs.id ORDER BY started_ms, runs.id) AS runs
       FROM baselines JOIN baseline_runs ON baseline = baselines.number
         JOIN runs ON runs.number = run
       ${where} GROUP BY baselines.number ORDER BY set_ms DESC, baselines.number DESC`,
      ...values,
    ).map(storedBaseline);
  }

  clearBaseline(name: string, machineKey?: string): Promise<boolean> {
    return this.#file.write(() =>
      this.#file.run(
        "DELETE FROM baselines WHERE name = ? AND machine_key = coalesce(?, machine_key)",
        name,
        machineKey ?? null,
      ) > 0
    );
  }

  remove(id: string): Promise<boolean> {
    return this.#file.write(() => {
      const baseline = this.#file.get(
        `SELECT name FROM baselines JOIN baseline_runs ON baseline = baselines.number
           JOIN runs ON runs.number = run WHERE runs.id = ?`,
        id,
      );
      if (baseline !== undefined) {
        throw new InputError(
          `Cannot remove the run ${id}: it belongs to the baseline ${baseline.name}, clear that first`,
        );
      }
      return this.#file.run("DELETE FROM runs WHERE id = ?", id) > 0;
    }, { shrinks: true });
  }

  prune(options: PruneOptions): Promise<string[]> {
    const { keep, before, machineKey } = options;
    return this.#file.write(() => {
      requireBound(options);
      return this.#file.all(
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
    }, { shrinks: true });
  }

  close(): Promise<void> {
    return Promise.try(() => this.#file.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
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
