import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { migrate, MIGRATIONS, versionOf } from "../../../reports/history/migrations.ts";
import { openStore } from "../../../reports/history/open_store.ts";
import { InputError, UserError } from "../../../workloads/runner/errors.ts";
import { createRandom } from "../../../workloads/runner/random.ts";
import { sampleRun } from "../../workloads/runner/sample_run.ts";
import { testStore } from "./conformance.ts";

const WRITER = new URL("./writer.ts", import.meta.url).pathname;

testStore("sqlite", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  const store = await openStore(`${folder}/history.sqlite`);
  const close = store.close.bind(store);
  store[Symbol.asyncDispose] = async () => {
    await close();
    await Deno.remove(folder, { recursive: true });
  };
  return store;
});

function inFolder(name: string, test: (path: string, folder: string) => Promise<void>): void {
  Deno.test(`sqlite: ${name}`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
    try {
      await test(`${folder}/history.sqlite`, folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

function writer(path: string, prefix: string, count: number): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-read", "--allow-write", WRITER, path, prefix, `${count}`],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

function assertSound(path: string): void {
  const database = new DatabaseSync(path);
  try {
    assertEquals({ ...database.prepare("PRAGMA integrity_check").get() }, {
      integrity_check: "ok",
    });
    assertEquals(database.prepare("PRAGMA foreign_key_check").all(), []);
    const [runs, documents] = ["runs", "documents"].map((table) =>
      database.prepare(`SELECT count(*) AS n FROM ${table}`).get()!.n
    );
    assertEquals(runs, documents);
  } finally {
    database.close();
  }
}

inFolder("a store that was closed is found again, in one file", async (path, folder) => {
  {
    await using store = await openStore(`sqlite:${path}`);
    assertEquals([store.url, store.schemaVersion], [`sqlite:${path}`, MIGRATIONS.length]);
    await store.add(sampleRun({ id: "run-1" }));
  }
  assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["history.sqlite"]);
  await using again = await openStore(path);
  assertEquals((await again.list()).map(({ id }) => id), ["run-1"]);
});

inFolder("processes that open and write at once lose nothing", async (path) => {
  const [writers, each] = [4, 25];
  const ended = await Promise.all(
    Array.from({ length: writers }, (_, i) => writer(path, `writer${i}`, each).output()),
  );
  for (const { code, stderr } of ended) assertEquals(code, 0, new TextDecoder().decode(stderr));
  await using store = await openStore(path);
  const expected = Array.from(
    { length: writers * each },
    (_, i) => `writer${Math.floor(i / each)}-${i % each}`,
  ).sort();
  assertEquals((await store.list()).map(({ id }) => id).sort(), expected);
  assertEquals(
    (await store.trend("round-trip/pipe/64/same-cpu/process/2", "x86_64/kvm/Sample CPU/2")).length,
    writers * each,
  );
  assertSound(path);
});

inFolder(
  "a writer that is killed leaves a sound store with every run it finished",
  async (path) => {
    const random = createRandom(9);
    const finished: string[] = [];
    for (let round = 0; round < 8; round++) {
      const child = writer(path, `round${round}`, 100_000);
      const lines = child.stdout.pipeThrough(new TextDecoderStream());
      let seen = "";
      const enough = 1 + random.integer(20);
      let killed = false;
      for await (const text of lines) {
        seen += text;
        if (!killed && seen.split("\n").length > enough) {
          child.kill("SIGKILL");
          killed = true;
        }
      }
      assertEquals(await new Response(child.stderr).text(), "");
      assertEquals((await child.status).signal, "SIGKILL");
      finished.push(...seen.split("\n").slice(0, -1));
      assertSound(path);
      await using store = await openStore(path);
      const ids = new Set((await store.list()).map(({ id }) => id));
      assertEquals(finished.filter((id) => !ids.has(id)), []);
      // At most the one that was in but not printed yet.
      assert(ids.size <= finished.length + round + 1, `${ids.size} of ${finished.length}`);
      for (const id of finished.slice(-3)) assertEquals((await store.get(id))!.id, id);
    }
  },
);

inFolder("a file that is no history is refused and stays as it is", async (path) => {
  const other = new DatabaseSync(`${path}.other`);
  other.exec("CREATE TABLE songs (title TEXT)");
  other.close();
  const newer = new DatabaseSync(`${path}.newer`);
  migrate(newer);
  newer.exec(`PRAGMA user_version = ${MIGRATIONS.length + 2}`);
  newer.close();
  const never = new DatabaseSync(`${path}.never`);
  migrate(never);
  never.exec("PRAGMA user_version = -1");
  never.close();
  await Deno.writeTextFile(`${path}.text`, "hello ".repeat(1_000));
  await Deno.writeTextFile(`${path}.short`, "hello");
  const rows = [
    ["other", "it is a database of something else"],
    ["never", "there is no version -1"],
    [
      "newer",
      `its version is ${MIGRATIONS.length + 2}, this suite reads up to ${MIGRATIONS.length}`,
    ],
    ["text", "the file is damaged or no SQLite database (file is not a database)"],
    ["short", "the file is damaged or no SQLite database (file is not a database)"],
  ] as const;
  for (const [ending, reason] of rows) {
    const before = await Deno.readFile(`${path}.${ending}`);
    const error = await assertRejects(() => openStore(`${path}.${ending}`), InputError);
    assert(error.message.includes(reason), error.message);
    assert(error.message.includes(`${path}.${ending}`), error.message);
    assertEquals(await Deno.readFile(`${path}.${ending}`), before);
  }
});

inFolder("a file cut off anywhere is refused and stays as it is", async (path) => {
  {
    await using store = await openStore(path);
    for (let i = 0; i < 20; i++) await store.add(sampleRun({ id: `run-${i}`, seed: i }));
  }
  const whole = await Deno.readFile(path);
  for (const share of [0.001, 0.01, 0.2, 0.5, 0.9, 0.999]) {
    const cut = whole.slice(0, Math.floor(whole.length * share));
    await Deno.writeFile(path, cut);
    const error = await assertRejects(() => openStore(path), InputError, "damaged", `${share}`);
    assert(!error.message.includes("\n"));
    assertEquals(await Deno.readFile(path), cut);
  }
});

inFolder("bytes gone wrong give one line or the right answer, never a crash", async (path) => {
  const runs = Array.from({ length: 12 }, (_, i) => sampleRun({ id: `run-${i}`, seed: i }));
  {
    await using store = await openStore(path);
    for (const run of runs) await store.add(run);
    await store.setBaseline("main", ["run-1", "run-2"]);
  }
  const whole = await Deno.readFile(path);
  const random = createRandom(10);
  let reported = 0;
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      assert(error instanceof UserError, String(error));
      assert(!error.message.includes("\n"), error.message);
      reported++;
    }
  };
  for (let round = 0; round < 150; round++) {
    const bytes = whole.slice();
    const at = random.integer(bytes.length);
    const length = 1 + random.integer(400);
    for (let i = at; i < Math.min(bytes.length, at + length); i++) bytes[i] = random.integer(256);
    await Deno.writeFile(path, bytes);
    await Deno.remove(`${path}-wal`).catch(() => {});
    const store = await attempt(() => openStore(path));
    if (store === undefined) {
      assertEquals(await Deno.readFile(path), bytes, `round ${round}`);
      continue;
    }
    await attempt(() => store.list());
    await attempt(() => store.baselines());
    await attempt(() => store.trend("round-trip/pipe/64/same-cpu/process/2", "none"));
    for (const run of runs) {
      const read = await attempt(() => store.get(run.id));
      if (read) assertEquals(read, run);
    }
    await attempt(() => store.add(sampleRun({ id: "run-new" })));
    await store.close();
  }
  // The rest hit pages that are not full.
  assert(reported > 30, `${reported} errors in 150 rounds`);
});

inFolder("a history that others changed is said to be damaged", async (path) => {
  const run = sampleRun({ id: "run-1" });
  {
    await using store = await openStore(path);
    await store.add(run);
    await store.setBaseline("main", ["run-1"]);
  }
  const whole = await Deno.readFile(path);
  const rows: [sql: string, reason: string][] = [
    ["PRAGMA user_version = 0", "table runs already exists in"],
    ["UPDATE baselines SET set_ms = 9007199254740993", "Value is too large to be represented"],
    ["UPDATE runs SET started_ms = 8640000000000001", "Invalid time value"],
    ["ALTER TABLE runs ADD COLUMN more TEXT", "table runs has 16 columns but 15 values"],
    ["UPDATE documents SET run = 2", "it is damaged|UNIQUE constraint failed: documents.run"],
    ["DROP TABLE documents; CREATE VIEW documents AS SELECT 1", "cannot modify|no such column"],
  ];
  for (const [sql, reason] of rows) {
    await Deno.writeFile(path, whole);
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    database.exec(sql);
    database.close();
    const error = await assertRejects(async () => {
      await using store = await openStore(path);
      await store.list();
      await store.baselines();
      await store.get("run-1");
      await store.add(sampleRun({ id: "run-2" }));
    }, InputError);
    assertMatch(error.message, new RegExp(`^Cannot (use|read) .*(${reason})`));
    assert(!error.message.includes("\\n"), error.message);
  }
});

inFolder("what cannot be opened is named in one line", async (path, folder) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  const rows = [
    [folder, "it is a folder"],
    ["", "it names no file"],
    ["sqlite:", "it names no file"],
    [`${folder}/file/history.sqlite`, "Not a directory (os error 20)"],
    [
      "mysql://u:secret@h/d",
      "Cannot open a history at mysql: it is none of sqlite:PATH, a plain path and postgres://",
    ],
  ] as const;
  for (const [url, reason] of rows) {
    const error = await assertRejects(() => openStore(url), InputError);
    assert(error.message.includes(reason), error.message);
    assert(!error.message.includes("secret"), error.message);
  }
  await assertRejects(() => openStore(path, { create: false }), InputError, "there is none yet");
  assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["file"]);
});

inFolder("the folder of a new history is made", async (_, folder) => {
  await using store = await openStore(`${folder}/results/deep/history.sqlite`);
  assertEquals(await store.list(), []);
});

inFolder("pruning gives the space back", async (path) => {
  await using store = await openStore(path);
  for (let i = 0; i < 200; i++) await store.add(sampleRun({ id: `run-${i}`, seed: i }));
  const pages = () => {
    const database = new DatabaseSync(path);
    try {
      return Number(database.prepare("PRAGMA page_count").get()!.page_count);
    } finally {
      database.close();
    }
  };
  const before = pages();
  assertEquals((await store.prune({ keep: 10 })).length, 190);
  assert(pages() < before / 4, `${pages()} of ${before} pages`);
});

Deno.test("sqlite: a migration that fails leaves the version before it", () => {
  const database = new DatabaseSync(":memory:");
  try {
    const first = "CREATE TABLE a (x)";
    migrate(database, [first]);
    assertEquals(versionOf(database), 1);
    const broken = "CREATE TABLE b (x); INSERT INTO none VALUES (1)";
    assertThrows(() => migrate(database, [first, broken]), Error, "none");
    assertEquals(versionOf(database), 1);
    const tables = () =>
      database.prepare("SELECT name FROM sqlite_schema ORDER BY name").all()
        .map(({ name }) => name);
    assertEquals(tables(), ["a"]);
    migrate(database, [first, "CREATE TABLE b (x)", "CREATE TABLE c (x)"]);
    assertEquals([versionOf(database), tables()], [3, ["a", "b", "c"]]);
    migrate(database, [first]);
    assertEquals(versionOf(database), 3);
  } finally {
    database.close();
  }
});
