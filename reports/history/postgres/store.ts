/**
 * The history of a fleet, in PostgreSQL.
 *
 * A run goes in by one statement, so readers see it whole or not at all.
 *
 * @module
 */
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Sql, TransactionSql } from "postgres";
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { InputError, UserError } from "../../../workloads/runner/errors.ts";
import { parseRun } from "../../../workloads/runner/run_file.ts";
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
} from "../store.ts";
import {
  baselineRuns,
  isSameRun,
  LARGEST_DOCUMENT,
  requireBound,
  requireSound,
  type Row,
  storedBaseline,
  storedHost,
  storedRun,
  trendPoint,
} from "../rows.ts";
import type { Address } from "./address.ts";
import { type Client, client } from "./client.ts";
import { codeOf } from "./connect.ts";
import { explained, isOfTheData } from "./failures.ts";
import { migrate, MIGRATIONS, versionOf } from "./migrations.ts";
import { PATIENCE_MS, retrying } from "./retry.ts";

/** The oldest PostgreSQL that is tested, and that its makers still mend. */
const OLDEST_SERVER = 15;

type Value = string | number | boolean | null | Uint8Array;

export interface PostgresOptions {
  /** Whether the tables are made where there are none; else that is an error. @default true */
  create?: boolean;
  /** How long the server may be away. @default 5000 */
  patienceMs?: number;
  /** A server that has not taken a run by then is away, whatever its connection says. @default 30000 */
  deadlineMs?: number;
  /** Of the tables; for tests. */
  migrations?: readonly string[];
}

/**
 * Opens the history in a database, and brings its tables to this version.
 *
 * @throws {InputError} the server refuses, the database is none of ours, or of a newer version
 * @throws {SuiteError} the server is away
 */
export async function openPostgres(
  address: Address,
  { signal, ...options }: PostgresOptions & Pick<Wait, "signal"> = {},
): Promise<PostgresStore> {
  const store = new PostgresStore(address, options);
  try {
    await store.open(signal);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function prepare(
  sql: Sql,
  { display }: Address,
  { create, migrations }: Required<PostgresOptions>,
): Promise<void> {
  const version = await versionOf(sql);
  refuseOldServer(display, String(sql.parameters.server_version));
  if (version > migrations.length) {
    throw new InputError(
      `Cannot use the store ${display}: its version is ${version}, this suite reads up to ` +
        `${migrations.length}; use the newer suite`,
    );
  }
  if (version === 0 && !create) {
    throw new InputError(
      `Cannot open the history ${display}: there is none yet; deno task bench makes one`,
    );
  }
  if (version === migrations.length) return;
  try {
    await migrate(sql, migrations);
  } catch (cause) {
    if (codeOf(cause) !== "42501") throw cause;
    throw new InputError(
      `Cannot use the store ${display}: its version is ${version}, this suite needs ` +
        `${migrations.length}, and this user may not change its tables; open it once as their owner`,
      { cause },
    );
  }
}

/**
 * @param version as the server says it of itself: `15.8 (Debian 15.8-0+deb12u1)`
 * @throws {InputError} it is older than those that this suite is tested with
 */
export function refuseOldServer(display: string, version: string): void {
  const major = Number.parseInt(version, 10);
  if (!(major < OLDEST_SERVER)) return;
  throw new InputError(
    `Cannot use the store ${display}: its server is PostgreSQL ${version}, and this suite needs ` +
      `${OLDEST_SERVER} or newer`,
  );
}

const RUN_COLUMNS = `runs.number, runs.id,
  (extract(epoch FROM runs.started_at) * 1000)::bigint AS started_ms, machines.key AS machine_key,
  hostname, kernel, deno, version, profile, label, complete, duration_seconds, measured,
  not_applicable, failed`;

const RUNS = `ipc_taxonomy.runs JOIN ipc_taxonomy.machines ON machines.number = runs.machine`;

/** The measured cells of one run, column by column, as array literals. */
const FIGURES = `unnest($1::text::integer[], $2::text::double precision[],
  $3::text::double precision[], $4::text::double precision[], $5::text::smallint[])
  AS figure (cell, estimate, low, high, trials)`;

/** From `gone`, a list of (number, id): removes these runs whole. */
const REMOVE = `
  gone_cells AS (
    DELETE FROM ipc_taxonomy.cells USING (
      SELECT runs.number, runs.machine, runs.started_at, unnest(cells) AS cell
        FROM gone JOIN ipc_taxonomy.runs USING (number) JOIN ipc_taxonomy.documents ON run = number
    ) AS own
    WHERE cells.cell = own.cell AND cells.machine = own.machine
      AND cells.started_at = own.started_at AND cells.run = own.number
  )
  DELETE FROM ipc_taxonomy.runs USING gone WHERE runs.number = gone.number RETURNING runs.id`;

export class PostgresStore implements Store {
  readonly url: string;
  readonly schemaVersion: number;
  readonly #address: Address;
  readonly #options: Required<PostgresOptions>;
  #client: Client;
  /** Numbers that were looked up already; the tables they are from only ever grow. */
  readonly #numbers = {
    cell_names: new Map<string, number>(),
    machines: new Map<string, number>(),
  };
  #isOpen = false;

  /** Nothing is connected yet. */
  constructor(
    address: Address,
    {
      create = true,
      patienceMs = PATIENCE_MS,
      deadlineMs = 30_000,
      migrations = MIGRATIONS,
    }: PostgresOptions = {},
  ) {
    this.url = address.display;
    this.schemaVersion = migrations.length;
    this.#address = address;
    this.#options = { create, patienceMs, deadlineMs, migrations };
    this.#client = client(address);
  }

  get #sql(): Sql {
    return this.#client.sql;
  }

  /** Brings the tables to this version, unless that was done; everything else does so too. */
  async open(signal?: AbortSignal): Promise<void> {
    await this.#try(() => Promise.resolve(), { deadlineMs: this.#options.deadlineMs, signal });
  }

  async add(run: RunDocument, { signal }: Wait = {}): Promise<boolean> {
    try {
      return await this.#add(run, signal);
    } catch (error) {
      if (!(error instanceof UserError) || !isOfTheData(error.cause)) throw error;
      throw new RefusedRun(error.message, { cause: error.cause });
    }
  }

  async #add(run: RunDocument, signal?: AbortSignal): Promise<boolean> {
    requireSound(run);
    const text = JSON.stringify(run);
    const body = zstdCompressSync(text);
    return await this.#try(async () => {
      const values = [...await this.#figures(run), ...await this.#facts(run), body];
      const [row] = await rows(
        this.#sql,
        `WITH run AS (
           INSERT INTO ipc_taxonomy.runs (id, started_at, machine, hostname, kernel, deno, version,
             profile, label, complete, duration_seconds, measured, not_applicable, failed)
           VALUES ($6, $7::timestamptz, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
           ON CONFLICT (id) DO NOTHING RETURNING number, machine, started_at
         ), document AS (
           INSERT INTO ipc_taxonomy.documents (run, body, facilities, cells)
           SELECT number, $21, $20::text::text[], $1::text::integer[] FROM run
         ), figures AS (
           INSERT INTO ipc_taxonomy.cells
           SELECT cell, machine, started_at, number, estimate, low, high, trials
             FROM run, ${FIGURES}
         )
         SELECT count(*) AS stored FROM run`,
        values,
      );
      if (Number(row!.stored) > 0) return true;
      await this.#replace(run, text, values);
      return false;
    }, { deadlineMs: this.#options.deadlineMs, signal });
  }

  /** What is stored under the run's id stays if it is the same, and gives way if it is incomplete. */
  async #replace(run: RunDocument, text: string, values: Value[]): Promise<void> {
    const [present] = await this.#stored(run.id);
    if (present === undefined) {
      // Another command removed it just now.
      throw Object.assign(new Error("the run was there and is gone"), { code: "40001" });
    }
    if (isSameRun(this.#text(run.id, present), text)) return;
    const refuse = () => {
      throw new TakenId(run.id, this.url);
    };
    if (present.complete === true) refuse();
    await this.#sql.begin(async (transaction) => {
      const [held] = await rows(
        transaction,
        `SELECT number FROM ipc_taxonomy.runs WHERE id = $1 AND NOT complete FOR UPDATE`,
        [run.id],
      );
      if (held === undefined) return refuse();
      const number = Number(held.number);
      await rows(
        transaction,
        `DELETE FROM ipc_taxonomy.cells USING (
           SELECT unnest(documents.cells) AS cell FROM ipc_taxonomy.documents WHERE run = $1
         ) AS own, ipc_taxonomy.runs
         WHERE runs.number = $1 AND cells.cell = own.cell AND cells.machine = runs.machine
           AND cells.started_at = runs.started_at AND cells.run = runs.number`,
        [number],
      );
      await rows(
        transaction,
        `UPDATE ipc_taxonomy.runs SET (id, started_at, machine, hostname, kernel, deno, version,
             profile, label, complete, duration_seconds, measured, not_applicable, failed) =
           ($2, $3::timestamptz, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         WHERE number = $1`,
        [number, ...values.slice(5, 19)],
      );
      await rows(
        transaction,
        `UPDATE ipc_taxonomy.documents SET body = $2, facilities = $3::text::text[],
           cells = $4::text::integer[] WHERE run = $1`,
        [number, values[20]!, values[19]!, values[0]!],
      );
      await rows(
        transaction,
        `INSERT INTO ipc_taxonomy.cells
         SELECT cell, machine, started_at, number, estimate, low, high, trials
           FROM ipc_taxonomy.runs, ${FIGURES} WHERE number = $6`,
        [...values.slice(0, 5), number],
      );
    });
  }

  /** The parameters that {@linkcode FIGURES} takes. */
  async #figures({ cells }: RunDocument): Promise<Value[]> {
    const measured = cells.filter((cell) => cell.status === "measured");
    const numbers = await this.#numbersOf("cell_names", measured.map(({ id }) => id));
    const literal = (values: readonly number[]) => `{${values.join(",")}}`;
    return [
      literal(numbers),
      literal(measured.map(({ estimate }) => estimate)),
      literal(measured.map(({ ci95 }) => ci95[0])),
      literal(measured.map(({ ci95 }) => ci95[1])),
      literal(measured.map(({ trials }) => trials.length)),
    ];
  }

  /** The columns of the run but its number, then the facilities that it measured. */
  async #facts(run: RunDocument): Promise<Value[]> {
    const startedMs = Date.parse(run.startedAt);
    if (Number.isNaN(startedMs)) {
      throw new RefusedRun(`Cannot store the run ${run.id}: no such time as ${run.startedAt}`);
    }
    const [machine] = await this.#numbersOf("machines", [run.host.machineKey]);
    const of = (status: string) => run.cells.filter((cell) => cell.status === status);
    const measured = of("measured");
    return [
      run.id,
      new Date(startedMs).toISOString(),
      machine!,
      run.host.hostname,
      run.host.kernel,
      run.tool.deno,
      run.tool.version,
      run.settings.profile,
      run.label,
      run.complete,
      run.durationSeconds,
      measured.length,
      of("not-applicable").length,
      of("failed").length,
      textArray([...new Set(measured.map(({ facility }) => facility))]),
    ];
  }

  /** The numbers of words, which get one where they have none. */
  async #numbersOf(table: "cell_names" | "machines", given: readonly string[]): Promise<number[]> {
    const known = this.#numbers[table];
    // As they come back: half a surrogate pair has no UTF-8.
    const words = given.map((word) => word.toWellFormed());
    const column = table === "machines" ? "key" : "id";
    const missing = () => textArray(words.filter((word) => !known.has(word)));
    const lookUp = async () => {
      const found = await rows(
        this.#sql,
        `SELECT number, ${column} AS word FROM ipc_taxonomy.${table}
         WHERE ${column} = ANY ($1::text::text[])`,
        [missing()],
      );
      for (const { number, word } of found) known.set(String(word), Number(number));
    };
    const complete = () => words.every((word) => known.has(word));
    if (!complete()) await lookUp();
    if (!complete()) {
      // In one order for all writers, so that they do not wait for each other in a ring.
      await rows(
        this.#sql,
        `INSERT INTO ipc_taxonomy.${table} (${column})
         SELECT word FROM unnest($1::text::text[]) AS word ORDER BY word
         ON CONFLICT (${column}) DO NOTHING`,
        [missing()],
      );
      await lookUp();
    }
    return words.map((word) => known.get(word)!);
  }

  get(id: string): Promise<RunDocument | null> {
    return this.#try(() => this.#document(id));
  }

  async #document(id: string): Promise<RunDocument | null> {
    const [row] = await this.#stored(id);
    if (row === undefined) return null;
    return parseRun(this.#text(id, row), `${id} in ${this.url}`);
  }

  #stored(id: string): Promise<Row[]> {
    return rows(
      this.#sql,
      `SELECT complete, body FROM ipc_taxonomy.runs JOIN ipc_taxonomy.documents ON run = number
       WHERE id = $1`,
      [id],
    );
  }

  #text(id: string, { body }: Row): string {
    try {
      const bytes = zstdDecompressSync(body as Uint8Array, { maxOutputLength: LARGEST_DOCUMENT });
      return new TextDecoder().decode(bytes);
    } catch (cause) {
      throw new InputError(`Cannot read the run ${id} in ${this.url}: it is damaged`, { cause });
    }
  }

  list(filter: RunFilter = {}): Promise<StoredRun[]> {
    return this.#try(() => this.#list(filter));
  }

  async #list(filter: RunFilter): Promise<StoredRun[]> {
    const { where, values } = conditions(filter, [filter.limit ?? null]);
    const found = await rows(
      this.#sql,
      `SELECT ${RUN_COLUMNS} FROM ${RUNS} ${where}
       ORDER BY runs.started_at DESC, runs.id LIMIT $1`,
      values,
    );
    return found.map(storedRun);
  }

  latest(filter: Omit<RunFilter, "limit"> = {}): Promise<RunDocument | null> {
    return this.#try(async () => {
      const [newest] = await this.#list({ ...filter, limit: 1 });
      return newest === undefined ? null : await this.#document(newest.id);
    });
  }

  hosts(filter: Omit<RunFilter, "limit"> = {}): Promise<StoredHost[]> {
    return this.#try(async () => {
      const { where, values } = conditions(filter, []);
      const found = await rows(
        this.#sql,
        `WITH host AS (
           SELECT runs.hostname AS name, runs.machine, count(*) AS runs,
               (extract(epoch FROM min(runs.started_at)) * 1000)::bigint AS since_ms
             FROM ${RUNS} ${where} GROUP BY runs.hostname, runs.machine
         )
         SELECT host.runs, host.since_ms, newest.* FROM host CROSS JOIN LATERAL (
           SELECT ${RUN_COLUMNS} FROM ${RUNS}
             ${where === "" ? "WHERE" : `${where} AND`}
               runs.hostname = host.name AND runs.machine = host.machine
             ORDER BY runs.started_at DESC, runs.id LIMIT 1
         ) AS newest ORDER BY newest.started_ms DESC, newest.id`,
        values,
      );
      return found.map(storedHost);
    });
  }

  trend(cell: string, machineKey: string | null, filter: RunFilter = {}): Promise<TrendPoint[]> {
    return this.#try(async () => {
      // Conditions on the columns of cells, whose key is in the order that is asked for.
      const { where, values } = conditions(
        { ...filter, machineKey: undefined },
        [cell, filter.limit ?? null, machineKey ?? filter.machineKey ?? null],
        "figure",
      );
      const found = await rows(
        this.#sql,
        `SELECT ${RUN_COLUMNS}, estimate, low, high, trials
           FROM ipc_taxonomy.cells AS figure
             JOIN ipc_taxonomy.runs ON runs.number = figure.run
             JOIN ipc_taxonomy.machines ON machines.number = runs.machine
           ${where === "" ? "WHERE" : `${where} AND`}
             figure.cell = (SELECT number FROM ipc_taxonomy.cell_names WHERE id = $1)
             AND ${
          machineKey === null && filter.machineKey === undefined
            ? "$3::text IS NULL"
            : "figure.machine = (SELECT number FROM ipc_taxonomy.machines WHERE key = $3)"
        }
           ORDER BY figure.started_at DESC, runs.id LIMIT $2`,
        values,
      );
      return found.reverse().map(trendPoint);
    });
  }

  setBaseline(name: string, ids: readonly string[]): Promise<Baseline> {
    return this.#try(() =>
      this.#sql.begin(async (transaction) => {
        const found = await rows(
          transaction,
          `SELECT runs.number, runs.id, machine, key AS machine_key FROM ${RUNS}
           WHERE runs.id = ANY ($1::text::text[]) FOR SHARE OF runs`,
          [textArray(ids)],
        );
        const known = new Map(found.map((row) => [String(row.id), row]));
        const { runs } = baselineRuns(name, ids, (id) => known.get(id), this.url);
        const [set] = await rows(
          transaction,
          `INSERT INTO ipc_taxonomy.baselines (name, machine, set_at)
           VALUES ($1, $2, clock_timestamp())
           ON CONFLICT (name, machine) DO UPDATE SET set_at = clock_timestamp() RETURNING number`,
          [name, Number(runs[0]!.machine)],
        );
        const number = Number(set!.number);
        await rows(
          transaction,
          "DELETE FROM ipc_taxonomy.baseline_runs WHERE baseline = $1",
          [number],
        );
        await rows(
          transaction,
          `INSERT INTO ipc_taxonomy.baseline_runs
           SELECT DISTINCT $1::bigint, run FROM unnest($2::text::bigint[]) AS run`,
          [number, `{${runs.map((run) => run.number).join(",")}}`],
        );
        return (await baselinesOf(transaction, "WHERE baselines.number = $1", [number]))[0]!;
      })
    );
  }

  baseline(name: string, machineKey: string): Promise<Baseline | null> {
    return this.#try(async () => {
      const where = "WHERE name = $1 AND machines.key = $2";
      return (await baselinesOf(this.#sql, where, [name, machineKey]))[0] ?? null;
    });
  }

  baselines(machineKey?: string): Promise<Baseline[]> {
    return this.#try(() =>
      machineKey === undefined
        ? baselinesOf(this.#sql, "", [])
        : baselinesOf(this.#sql, "WHERE machines.key = $1", [machineKey])
    );
  }

  clearBaseline(name: string, machineKey?: string): Promise<boolean> {
    return this.#try(async () => {
      const cleared = await rows(
        this.#sql,
        `DELETE FROM ipc_taxonomy.baselines USING ipc_taxonomy.machines
         WHERE name = $1 AND machines.number = machine AND key = coalesce($2, key) RETURNING name`,
        [name, machineKey ?? null],
      );
      return cleared.length > 0;
    });
  }

  remove(id: string): Promise<boolean> {
    return this.#try(async () => {
      const [baseline] = await rows(
        this.#sql,
        `SELECT name FROM ipc_taxonomy.baselines
           JOIN ipc_taxonomy.baseline_runs ON baseline = baselines.number
           JOIN ipc_taxonomy.runs ON runs.number = run WHERE runs.id = $1`,
        [id],
      );
      if (baseline !== undefined) {
        throw new InputError(
          `Cannot remove the run ${id}: it belongs to the baseline ${baseline.name}, clear that first`,
        );
      }
      const removed = await rows(
        this.#sql,
        `WITH gone AS (SELECT number FROM ipc_taxonomy.runs WHERE id = $1), ${REMOVE}`,
        [id],
      );
      return removed.length > 0;
    });
  }

  prune(options: PruneOptions): Promise<string[]> {
    const { keep, before, machineKey } = options;
    return this.#try(async () => {
      requireBound(options);
      const removed = await rows(
        this.#sql,
        `WITH gone AS (
           SELECT number FROM (
             SELECT runs.number, runs.started_at, row_number() OVER (
               PARTITION BY machine ORDER BY runs.started_at DESC, runs.id
             ) AS place
             FROM ${RUNS} WHERE key = coalesce($1, key)
           ) AS placed WHERE place > $2 AND started_at < coalesce($3::timestamptz, 'infinity')
             AND NOT EXISTS (SELECT FROM ipc_taxonomy.baseline_runs WHERE run = number)
         ), ${REMOVE}`,
        [machineKey ?? null, keep ?? 0, before?.toISOString() ?? null],
      );
      return removed.map(({ id }) => String(id)).sort();
    });
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 1 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Again when the server was away for a moment or two writers met; else one line for the user.
   *
   * What is tried again may have been done the time before, where only the answer was lost.
   */
  async #try<T>(
    work: () => Promise<T>,
    { deadlineMs = Infinity, signal }: { deadlineMs?: number; signal?: AbortSignal } = {},
  ): Promise<T> {
    const whole = async () => {
      if (!this.#isOpen) await prepare(this.#sql, this.#address, this.#options);
      this.#isOpen = true;
      return await work();
    };
    const { patienceMs } = this.#options;
    try {
      return await retrying(() => this.#within(deadlineMs, whole, signal), patienceMs, signal);
    } catch (error) {
      throw explained(this.url, error);
    }
  }

  /** Gives up a connection that neither answers nor breaks. */
  async #within<T>(deadlineMs: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (deadlineMs === Infinity) return await work();
    const { promise, reject } = Promise.withResolvers<never>();
    const giveUp = () => {
      this.#client.abandon();
      this.#client = client(this.#address);
      reject(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" }));
    };
    const timer = setTimeout(giveUp, deadlineMs);
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      return await Promise.race([work(), promise]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
    }
  }
}

async function rows(
  sql: Sql | TransactionSql,
  text: string,
  values: readonly Value[],
): Promise<Row[]> {
  return await sql.unsafe(text, [...values], { prepare: true });
}

async function baselinesOf(
  sql: Sql | TransactionSql,
  where: string,
  values: readonly Value[],
): Promise<Baseline[]> {
  const found = await rows(
    sql,
    `SELECT name, key AS machine_key, (extract(epoch FROM set_at) * 1000)::bigint AS set_ms,
       json_agg(runs.id ORDER BY started_at, runs.id)::text AS runs
     FROM ipc_taxonomy.baselines JOIN ipc_taxonomy.baseline_runs ON baseline = baselines.number
       JOIN ipc_taxonomy.runs ON runs.number = run
       JOIN ipc_taxonomy.machines ON machines.number = baselines.machine
     ${where} GROUP BY baselines.number, key ORDER BY set_at DESC, baselines.number DESC`,
    values,
  );
  return found.map(storedBaseline);
}

/** Terms that follow the parameters which a query has already. */
function conditions(
  { idPrefix, machineKey, hostname, kernel, facility, since }: RunFilter,
  given: readonly Value[],
  timed = "runs",
) {
  const values = [...given];
  const terms: string[] = [];
  const add = (value: Value, term: (parameter: string) => string) =>
    terms.push(term(`$${values.push(value)}`));
  if (idPrefix !== undefined) add(idPrefix, (parameter) => `starts_with(runs.id, ${parameter})`);
  if (machineKey !== undefined) add(machineKey, (parameter) => `machines.key = ${parameter}`);
  if (hostname !== undefined) add(hostname, (parameter) => `runs.hostname = ${parameter}`);
  if (kernel !== undefined) add(kernel, (parameter) => `runs.kernel = ${parameter}`);
  if (since !== undefined) {
    add(since.toISOString(), (parameter) => `${timed}.started_at >= ${parameter}::timestamptz`);
  }
  if (facility !== undefined) {
    add(facility, (parameter) =>
      `EXISTS (SELECT FROM ipc_taxonomy.documents
         WHERE run = runs.number AND ${parameter} = ANY (facilities))`);
  }
  return { where: terms.length === 0 ? "" : `WHERE ${terms.join(" AND ")}`, values };
}

/** An array literal. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function textArray(words: readonly string[]): string {
  return `{${words.map((word) => `"${word.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
