/**
 * One SQLite file that other processes use as well: transactions that wait for theirs, and the
 * certainty that what was written is in the file that the path names.
 *
 * The file is in WAL mode, so readers never wait for a writer, and a writer that is killed leaves
 * it as it was before the transaction (https://www.sqlite.org/wal.html). Where nothing can be
 * written, a copy is read that is not in WAL mode, since that mode needs files of its own.
 *
 * @module
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { InputError, SuiteError } from "../../workloads/runner/errors.ts";
import { identityOf, statOf } from "./file_identity.ts";
import { APPLICATION_ID, migrate, MIGRATIONS, versionOf } from "./migrations.ts";
import type { Row } from "./rows.ts";
import type { Wait } from "./store.ts";
import { explained, isLocked, isReadOnly } from "./sqlite_failures.ts";

/** How long SQLite itself waits for another process; signals arrive only between two attempts. */
const ATTEMPT_MS = 50;
/** How long a command waits for another one in all. */
const PATIENCE_MS = 20_000;

interface Writing extends Wait {
  /** Rows are removed, whose space is to be given back. */
  shrinks?: boolean;
}

export class SqliteConnection {
  readonly path: string;
  /** Of the file that is open. */
  readonly identity: string;
  readonly #wait: Wait;
  #database: DatabaseSync;
  /** What the file looked like when it was opened as one that does not change; else null. */
  #unchanging: string | null;
  readonly #prepared = new Map<string, StatementSync>();

  private constructor(
    path: string,
    { database, identity, unchanging }: Opened,
    wait: Wait,
  ) {
    this.path = path;
    this.identity = identity;
    this.#database = database;
    this.#unchanging = unchanging;
    this.#wait = wait;
  }

  /**
   * Opens the file; one that is missing or empty becomes a new history.
   *
   * @throws {InputError} the file is damaged, no history, of a newer version, or cannot be opened; it
   * stays as it is
   * @throws {SuiteError} it is locked
   */
  static async open(path: string, wait: Wait = {}): Promise<SqliteConnection> {
    const opened = await patiently(path, wait, () => open(path));
    return new SqliteConnection(path, opened, wait);
  }

  /** Does the work in a transaction that reads. */
  read<T>(work: () => T): Promise<T> {
    return patiently(this.path, this.#wait, () => {
      for (;;) {
        const result = this.#transaction("BEGIN", work);
        if (this.#unchanging === null || this.#unchanging === looks(this.path)) return result;
        this.#reopen();
      }
    });
  }

  /** Does the work in a transaction that writes. @throws {SuiteError} the path names another file by now */
  write<T>(work: () => T, { shrinks = false, ...wait }: Writing = {}): Promise<T> {
    return patiently(this.path, { ...this.#wait, ...wait }, () => {
      this.#requireInPlace();
      const result = this.#transaction("BEGIN IMMEDIATE", work);
      // One page a row: all rows must be read for all pages to be given back.
      if (shrinks) this.all("PRAGMA incremental_vacuum");
      this.#requireInPlace();
      return result;
    });
  }

  /**
   * Makes sure that the file takes writes; that another process is writing is no hindrance.
   *
   * @throws {InputError} it does not
   */
  async requireWritable(): Promise<void> {
    await patiently(this.path, this.#wait, () => {
      try {
        this.#transaction("BEGIN IMMEDIATE", () => {});
      } catch (error) {
        if (!isLocked(error)) throw error;
      }
    });
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
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

  /** What was read may be torn, since the file changed after all. */
  #reopen(): void {
    this.close();
    this.#prepared.clear();
    const { database, unchanging } = open(this.path);
    this.#database = database;
    this.#unchanging = unchanging;
  }

  #requireInPlace(): void {
    const now = identityOf(this.path);
    if (now === this.identity) return;
    throw new SuiteError(
      `Cannot use the history ${this.path}: it was ${now === null ? "removed" : "replaced"} ` +
        "while it was open here",
    );
  }
}

/** Does the work again as long as another process has the file locked. */
async function patiently<T>(
  path: string,
  { signal, patienceMs = PATIENCE_MS }: Wait,
  work: () => T,
): Promise<T> {
  const begun = performance.now();
  for (;;) {
    try {
      return work();
    } catch (error) {
      const waited = performance.now() - begun;
      if (!isLocked(error) || waited > patienceMs || signal?.aborted) throw explained(path, error);
    }
    await new Promise((resolve) => setTimeout(resolve, 5 + 20 * Math.random()));
  }
}

interface Opened {
  database: DatabaseSync;
  identity: string;
  unchanging: string | null;
}

function open(path: string): Opened {
  for (;;) {
    const before = identityOf(path);
    const opened = openAsItMay(path);
    const identity = identityOf(path);
    if (identity !== null && (before === null || before === identity)) {
      return { ...opened, identity };
    }
    // Replaced in this very moment.
    opened.database.close();
  }
}

function openAsItMay(path: string): Omit<Opened, "identity"> {
  refuseCutOff(path);
  try {
    return { database: openToWrite(path), unchanging: null };
  } catch (error) {
    if (!isReadOnly(error) || !mayBeTakenAlone(path)) throw error;
    const unchanging = looks(path);
    return { database: openToRead(path), unchanging };
  }
}

/** The file says nothing of what is in its write-ahead log only. */
function mayBeTakenAlone(path: string): boolean {
  return sizeOf(path) > 0 && sizeOf(`${path}-wal`) === 0;
}

function openToWrite(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: ATTEMPT_MS });
  try {
    const version = historyVersion(path, database);
    // Whatever is set once stands in the file; to set it again would wait for writers.
    if (version === 0) {
      database.exec("PRAGMA auto_vacuum = INCREMENTAL");
      database.exec("PRAGMA journal_mode = WAL");
    }
    database.exec("PRAGMA synchronous = FULL");
    if (version < MIGRATIONS.length) migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Where its header says which mode it is written and read in (https://www.sqlite.org/fileformat.html). */
const MODE_BYTES = [18, 19];
const ROLLBACK_MODE = 1;

/** A copy in the temporary folder, whose name is gone as soon as it is open. */
function openToRead(path: string): DatabaseSync {
  const bytes = Deno.readFileSync(path);
  for (const at of MODE_BYTES) bytes[at] = ROLLBACK_MODE;
  const copy = Deno.makeTempFileSync({ prefix: "ipc-taxonomy-history-" });
  let database: DatabaseSync;
  try {
    Deno.writeFileSync(copy, bytes);
    database = new DatabaseSync(copy, { readOnly: true, timeout: ATTEMPT_MS });
    database.exec("BEGIN; SELECT count(*) FROM sqlite_schema; COMMIT");
  } finally {
    Deno.removeSync(copy);
  }
  try {
    const version = historyVersion(path, database);
    if (version === MIGRATIONS.length) return database;
    throw new InputError(
      `Cannot open ${path} as the history: its version is ${version}, this suite needs ` +
        `${MIGRATIONS.length}, and nothing can be written there; open it once as its owner`,
    );
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The number of migrations behind it. @throws {InputError} it is none of ours, or of a newer version */
function historyVersion(path: string, database: DatabaseSync): number {
  const number = (sql: string) => Number(Object.values(database.prepare(sql).get()!)[0]);
  const refuse = (reason: string) =>
    new InputError(`Cannot open ${path} as the history: ${reason}`);
  // One snapshot for all three: another process may be making the tables right now.
  database.exec("BEGIN");
  const version = versionOf(database);
  const application = number("PRAGMA application_id");
  const tables = number("SELECT count(*) FROM sqlite_schema");
  database.exec("COMMIT");
  if (tables > 0 && application !== APPLICATION_ID) {
    throw refuse("it is a database of something else");
  }
  if (version < 0) throw refuse(`there is no version ${version}`);
  if (version > MIGRATIONS.length) {
    throw refuse(
      `its version is ${version}, this suite reads up to ${MIGRATIONS.length}; use the newer suite`,
    );
  }
  return version;
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
  return statOf(path)?.size ?? 0;
}

/** Differs once somebody has written into the file or its log. */
function looks(path: string): string {
  return [path, `${path}-wal`].map((each) => {
    const status = statOf(each);
    return status && [status.dev, status.ino, status.size, status.mtime?.getTime()].join(":");
  }).join(" ");
}
