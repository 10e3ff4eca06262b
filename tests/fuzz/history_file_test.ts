// @gate both alone

import { assert } from "@std/assert";
import fc from "fast-check";
import { DatabaseSync } from "node:sqlite";
import { openStore } from "../../reports/history/open_store.ts";
import { fuzz, namesIn, orderly } from "./property.ts";
import { fullRun } from "./runs.ts";
import { HOSTILE_NUMBERS, hostileText } from "./values.ts";

/** A history of six runs and a baseline, as one file. */
async function pristine(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-fuzz-" });
  const path = `${folder}/history.sqlite`;
  try {
    {
      await using store = await openStore(path);
      const ids = Array.from({ length: 6 }, (_, index) => `run-${index + 1}`);
      for (const [seed, id] of ids.entries()) await store.add(fullRun(id, seed + 1));
      await store.setBaseline("main", ids);
    }
    return await Deno.readFile(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const whole = await pristine();

/** What becomes of the file before a command sees it. */
type Damage = (path: string) => void;

const bytes: fc.Arbitrary<Damage> = fc.oneof(
  fc.nat(whole.length).map((length) => (path: string) =>
    Deno.writeFileSync(path, whole.subarray(0, length))
  ),
  // The header and the first page say the most.
  fc.array(
    fc.tuple(fc.oneof(fc.nat(100), fc.nat(4096), fc.nat(whole.length - 1)), fc.nat(255)),
    { minLength: 1, maxLength: 12 },
  ).map((flips) => (path: string) => {
    const flipped = whole.slice();
    for (const [at, byte] of flips) flipped[at] = byte;
    Deno.writeFileSync(path, flipped);
  }),
  fc.tuple(fc.nat(whole.length >> 12), fc.nat(whole.length >> 12)).map(
    ([from, to]) => (path: string) => {
      const swapped = whole.slice();
      swapped.copyWithin(to << 12, from << 12, (from + 1) << 12);
      Deno.writeFileSync(path, swapped);
    },
  ),
  fc.tuple(fc.nat(whole.length), fc.uint8Array({ minLength: 1, maxLength: 5_000 })).map(
    ([at, more]) => (path: string) =>
      Deno.writeFileSync(
        path,
        Uint8Array.of(...whole.subarray(0, at), ...more, ...whole.subarray(at)),
      ),
  ),
  fc.uint8Array({ maxLength: 5_000 }).map((some) => (path: string) => {
    Deno.writeFileSync(path, whole);
    Deno.writeFileSync(`${path}-wal`, some);
  }),
);

const COLUMNS = [
  ...["id", "started_ms", "machine_key", "hostname", "kernel", "deno", "version", "profile"],
  ...["label", "complete", "duration_seconds", "measured", "failed"],
].map((column) => ["runs", column] as const);
const PLACES = [
  ...COLUMNS,
  ["documents", "body"],
  ["documents", "run"],
  ["cell_names", "id"],
  ["cells", "estimate"],
  ["cells", "run"],
  ["baselines", "name"],
  ["baselines", "machine_key"],
  ["baselines", "set_ms"],
  ["baseline_runs", "run"],
] as const;

const STATEMENTS = [
  "DROP TABLE documents",
  "DROP TABLE cells",
  "DROP TABLE baselines",
  "DELETE FROM documents",
  "DELETE FROM cell_names",
  "DELETE FROM runs",
  "DELETE FROM baseline_runs",
  "ALTER TABLE runs DROP COLUMN label",
  "ALTER TABLE runs RENAME COLUMN label TO title",
  "ALTER TABLE runs ADD COLUMN more TEXT",
  "CREATE TRIGGER more AFTER INSERT ON runs BEGIN DELETE FROM runs; END",
  "CREATE VIEW extra AS SELECT 1",
  "PRAGMA user_version = 0",
  "PRAGMA user_version = 2",
  "PRAGMA user_version = -1",
  "PRAGMA application_id = 7",
  "PRAGMA application_id = 0",
  "UPDATE documents SET body = (SELECT body FROM documents AS other WHERE other.run <> documents.run)",
  "UPDATE documents SET body = zeroblob(100000)",
  "UPDATE documents SET body = substr(body, 1, length(body) / 2)",
  "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'TEXT', 'ANY')",
  "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE runs (a)' " +
  "WHERE name = 'runs'",
  "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 2",
  "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'index'",
] as const;

const values = fc.oneof(
  hostileText,
  fc.constantFrom<number | null>(...HOSTILE_NUMBERS, null),
  fc.uint8Array({ maxLength: 50 }),
);

const statements: fc.Arbitrary<Damage> = fc.oneof(
  fc.constantFrom(...STATEMENTS).map((sql) => altered((database) => database.exec(sql))),
  fc.tuple(fc.constantFrom(...PLACES), values, fc.boolean()).map(([[table, column], value, all]) =>
    altered((database) => {
      const where = all ? "" : `WHERE rowid = (SELECT max(rowid) FROM ${table})`;
      database.prepare(`UPDATE OR REPLACE ${table} SET ${column} = ? ${where}`).run(value);
    })
  ),
);

/** Changes a whole history as any tool might that knows nothing of it. */
function altered(change: (database: DatabaseSync) => void): Damage {
  return (path) => {
    Deno.writeFileSync(path, whole);
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    try {
      database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
      change(database);
    } catch {
      // SQLite itself refuses some of it.
    } finally {
      database.close();
    }
  };
}

const commands = fc.constantFrom<readonly string[]>(
  ["history", "list"],
  ["history", "list", "--facility", "pipe", "--json", "-"],
  ["history", "show"],
  ["history", "show", "run-1"],
  ["history", "export", "--all", "--output", "FOLDER/out/"],
  ["history", "import", "FOLDER/run.json"],
  ["history", "prune", "--keep", "2"],
  ["history", "baseline"],
  ["history", "baseline", "main", "run-1", "run-2"],
  ["history", "baseline", "main", "--clear"],
  ["history", "trend", "--machine", "x86_64/kvm/Sample CPU/2"],
  ["compare", "run-1", "run-2"],
  ["check", "--baseline", "main", "--candidate", "FOLDER/run.json", "--no-confirm"],
  ["report", "latest", "--single-file", "--report", "FOLDER/report"],
);

fuzz(
  "commands on a damaged history end in order",
  "historyFiles",
  fc.tuple(fc.oneof(bytes, statements), commands),
  async ([damage, words], folder) => {
    const place = await Deno.makeTempDir({ dir: folder });
    try {
      const path = `${place}/history.sqlite`;
      damage(path);
      await Deno.writeTextFile(`${place}/run.json`, JSON.stringify(fullRun("new-run", 7)));
      const args = words.map((word) => word.replace("FOLDER", place));
      const { code } = await orderly([...args, "--store", path]);
      const ours = ["run.json", "history.sqlite", "history.sqlite-wal", "history.sqlite-shm"];
      const written = namesIn(place).filter((name) => !ours.includes(name));
      assert(written.every((name) => name === "out" || name === "report"), `there is ${written}`);
      if (code !== 0) {
        const parts = written.flatMap((name) => namesIn(`${place}/${name}`))
          .filter((name) => !/^run-\d\.json$/.test(name));
        assert(parts.length === 0, `code ${code}, and yet there is ${parts}`);
      }
    } finally {
      await Deno.remove(place, { recursive: true });
    }
  },
);
