/** What can be wrong with a store: one line each, and no run is lost. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Keeper } from "../../../../reports/history/keeper.ts";
import { openBackend } from "../../../../reports/history/open_store.ts";
import { parseAddress } from "../../../../reports/history/postgres/address.ts";
import { ServerBackend } from "../../../../reports/history/postgres/backend.ts";
import { MIGRATIONS } from "../../../../reports/history/postgres/migrations.ts";
import { openPostgres } from "../../../../reports/history/postgres/store.ts";
import { InputError, SuiteError, UserError } from "../../../../workloads/runner/errors.ts";
import { writeWhole } from "../../../../workloads/runner/write_whole.ts";
import { PostgresServer } from "../../../postgres_server.ts";
import { sampleRun } from "../../../workloads/runner/sample_run.ts";
import { AUTHORITY, CERTIFICATE, KEY } from "./certificates.ts";

const SECRET = "s3cr3t-phrase";
const ROOT = Deno.uid() === 0;

let server: PostgresServer;
let port: number;
Deno.test.beforeAll(async () => {
  // What keeping a run opens of the C library stays open.
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  await writeWhole(`${folder}/whole`, "");
  await Deno.remove(folder, { recursive: true });
  port = freePort();
  server = await PostgresServer.start({
    access: [
      "local all guest scram-sha-256",
      "hostssl all guest 127.0.0.1/32 scram-sha-256",
      "hostnossl all plain 127.0.0.1/32 trust",
    ],
    files: { "server.crt": CERTIFICATE, "server.key": KEY },
    settings: { listen_addresses: "127.0.0.1", port, ssl: "on" },
    ...(ROOT && { smallDisk: 48 }),
  });
  await server.within("postgres", async (sql) => {
    await sql.unsafe(`CREATE ROLE guest LOGIN PASSWORD '${SECRET}'`);
    await sql.unsafe("CREATE ROLE plain LOGIN SUPERUSER");
  });
});
Deno.test.afterAll(() => server[Symbol.asyncDispose]());

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

interface Fault {
  name: string;
  /** The user of the address, where it is not the owner. */
  user?: string;
  migrations?: readonly string[];
  arrange: (database: string) => Promise<unknown>;
  code: 2 | 4;
  reason: string;
  mend: (database: string) => Promise<unknown>;
  ignore?: boolean;
  /** The fault shows only when a run is added. */
  opens?: boolean;
}

const within = (database: string, text: string) =>
  server.within(database, (sql) => sql.unsafe(text).simple());
const open = (database: string, migrations?: readonly string[]) =>
  openPostgres(parseAddress(server.url(database)), { migrations })
    .then((store) => store.close());
const LATER = [...MIGRATIONS, "CREATE TABLE ipc_taxonomy.later (x integer)"];

const faults: Fault[] = [
  {
    name: "away",
    arrange: () => server.stop(),
    code: 4,
    reason: "the server is away (ENOENT)",
    mend: () => server.go(),
  },
  {
    name: "wrong password",
    user: `guest:${SECRET}-not`,
    arrange: () => Promise.resolve(),
    code: 2,
    reason: "the server refuses this user or password; PGPASSWORD may give another",
    mend: () => Promise.resolve(),
  },
  {
    name: "no such user",
    user: "nobody-known",
    arrange: () => Promise.resolve(),
    code: 2,
    reason: "the server refuses this user",
    mend: () => Promise.resolve(),
  },
  {
    name: "wrong database",
    arrange: (database) => within("postgres", `DROP DATABASE ${database}`),
    code: 2,
    reason: "the server has no such database",
    mend: (database) => within("postgres", `CREATE DATABASE ${database}`),
  },
  {
    name: "newer version",
    arrange: async (database) => {
      await open(database);
      await within(database, "UPDATE ipc_taxonomy.version SET number = 99");
    },
    code: 2,
    reason: `its version is 99, this suite reads up to ${MIGRATIONS.length}; use the newer suite`,
    mend: (database) =>
      within(database, `UPDATE ipc_taxonomy.version SET number = ${MIGRATIONS.length}`),
  },
  {
    name: "older version of somebody else",
    user: `guest:${SECRET}`,
    migrations: LATER,
    arrange: async (database) => {
      await open(database);
      await within(
        database,
        `GRANT USAGE ON SCHEMA ipc_taxonomy TO guest;
         GRANT ALL ON ALL TABLES IN SCHEMA ipc_taxonomy TO guest`,
      );
    },
    code: 2,
    reason:
      `its version is ${MIGRATIONS.length}, this suite needs ${LATER.length}, and this user ` +
      "may not change its tables; open it once as their owner",
    mend: (database) => open(database, LATER),
  },
  {
    name: "the server's disk is full",
    opens: true,
    // A file system of its own takes root to mount.
    ignore: !ROOT,
    arrange: async (database) => {
      await within("postgres", `CREATE TABLESPACE small LOCATION '${server.folder}/small'`);
      await within("postgres", `ALTER DATABASE ${database} SET TABLESPACE small`);
      await open(database);
      await within(database, "CREATE TABLE filler (x text STORAGE PLAIN)");
      for (let length = 8_000; length >= 1; length /= 8) {
        const fill = `INSERT INTO filler SELECT repeat('x', ${Math.floor(length)})`;
        const full = within(database, `${fill} FROM generate_series(1, 8000)`);
        if (length === 8_000) await assertRejects(() => full, Error, "No space left on device");
        else await full.catch(() => {});
      }
    },
    code: 4,
    reason: "the server's disk is full",
    mend: (database) => within(database, "DROP TABLE filler"),
  },
];

for (const { name, user, migrations, arrange, code, reason, mend, ignore, opens } of faults) {
  Deno.test({
    name: `postgres, ${name}: one line, and the next command sends the run that was kept`,
    ignore: ignore ?? false,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
      const notices: string[] = [];
      const notice = (line: string) => notices.push(line);
      const backend = (url: string) =>
        new ServerBackend(url, null, { spool: [folder], patienceMs: 100, migrations });
      const run = sampleRun({ id: "run-1" });
      const database = await server.database();
      try {
        await arrange(database);
        const url = server.url(database, user);
        {
          const keeper = await Keeper.of(backend(url), { notice });
          if (!opens) assertStringIncludes(notices.join("\n"), reason);
          const error = await assertRejects(() => keeper.add(run), UserError, reason);
          assertEquals(error.exitCode, code);
          assert(!/[\n]/.test(error.message));
          assert(!JSON.stringify([error.message, notices]).includes(SECRET));
          const [, path] = /the run is kept in (\S+),/.exec(error.message) ?? [];
          assertEquals(JSON.parse(await Deno.readTextFile(path!)), run);
        }
        if (!opens) {
          // Who only reads is told at once.
          const error = await assertRejects(
            () => openBackend(backend(url), { notice, create: false }),
            UserError,
            reason,
          );
          assertEquals(error.exitCode, code);
        }
        await mend(database);
        notices.length = 0;
        await using store = await openBackend(backend(server.url(database)), {
          notice,
          create: false,
        });
        assert(!store.url.includes(SECRET));
        assertEquals(notices, [`1 run that was kept on this machine went to ${store.url}`]);
        assertEquals(await store.get("run-1"), run);
        assertEquals(Array.from(Deno.readDirSync(folder)), []);
      } finally {
        await server.go();
        await within("postgres", `DROP DATABASE ${database}`);
        await within("postgres", "DROP TABLESPACE IF EXISTS small");
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

Deno.test("postgres: a kept run that the store refuses stays, and the others go", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  const notices: string[] = [];
  const notice = (line: string) => notices.push(line);
  try {
    const url = server.url(await server.database());
    const backend = () => new ServerBackend(url, null, { spool: [folder], patienceMs: 100 });
    await server.stop();
    {
      const keeper = await Keeper.of(backend(), { notice });
      for (const id of ["run-1", "run-2"]) {
        await assertRejects(() => keeper.add(sampleRun({ id })), SuiteError, "the run is kept");
      }
    }
    await server.go();
    {
      await using other = await openPostgres(parseAddress(url));
      await other.add(sampleRun({ id: "run-1", seed: 2 }));
    }
    notices.length = 0;
    await using store = await openBackend(backend(), { notice, create: false });
    assertEquals((await store.list()).map(({ id }) => id), ["run-1", "run-2"]);
    assertEquals(notices.length, 2, notices.join("\n"));
    assertStringIncludes(notices[1]!, "another run has this id");
  } finally {
    await server.go();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("postgres: an older version becomes this one, and writers may meet in it", async () => {
  const database = await server.database();
  await open(database);
  const address = parseAddress(server.url(database));
  const stores = await Promise.all(
    Array.from({ length: 8 }, () => openPostgres(address, { migrations: LATER })),
  );
  await Promise.all(stores.map((store, i) => store.add(sampleRun({ id: `run-${i}`, seed: i }))));
  assertEquals((await stores[0]!.list()).length, 8);
  await Promise.all(stores.map((store) => store.close()));
  const [row] = await within(database, "SELECT number FROM ipc_taxonomy.version");
  assertEquals(row!.number, LATER.length);
});

Deno.test("postgres: writers that open a new database at once make its tables once", async () => {
  const address = parseAddress(server.url(await server.database()));
  const stores = await Promise.all(Array.from({ length: 8 }, () => openPostgres(address)));
  const runs = Array.from({ length: 8 }, (_, i) => sampleRun({ id: `run-${i}`, seed: i }));
  await Promise.all(stores.map((store, i) => store.add(runs[i]!)));
  // The same run from all of them at once is stored once.
  const added = await Promise.all(stores.map((store) => store.add(sampleRun({ id: "run-x" }))));
  assertEquals(added.filter((isNew) => isNew).length, 1);
  assertEquals((await stores[0]!.list()).length, 9);
  await Promise.all(stores.map((store) => store.close()));
});

Deno.test("postgres: a step that fails leaves the version before it", async () => {
  const database = await server.database();
  const broken = [...MIGRATIONS, "CREATE TABLE ipc_taxonomy.half (x integer); SELECT 1 / 0"];
  await assertRejects(() => open(database, broken), SuiteError, "division by zero");
  const [row] = await within(
    database,
    "SELECT number, to_regclass('ipc_taxonomy.half') AS half FROM ipc_taxonomy.version",
  );
  assertEquals({ ...row }, { number: MIGRATIONS.length, half: null });
});

for (const what of ["40001", "40P01", "a lost connection"]) {
  Deno.test(`postgres: after ${what} a run is added again, once`, async () => {
    const database = await server.database();
    await open(database);
    const fails = what.startsWith("4")
      ? `RAISE EXCEPTION 'not now' USING ERRCODE = '${what}'`
      : "PERFORM pg_terminate_backend(pg_backend_pid())";
    // A sequence forgets nothing when a transaction is undone.
    await within(
      database,
      `CREATE SEQUENCE attempts;
       CREATE FUNCTION twice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF nextval('attempts') <= 2 THEN ${fails}; END IF;
         RETURN NEW;
       END $$;
       CREATE TRIGGER twice BEFORE INSERT ON ipc_taxonomy.runs
         FOR EACH ROW EXECUTE FUNCTION twice()`,
    );
    await using store = await openPostgres(parseAddress(server.url(database)));
    assertEquals(await store.add(sampleRun({ id: "run-1" })), true);
    assertEquals((await store.list()).map(({ id }) => id), ["run-1"]);
    const [row] = await within(database, "SELECT last_value::integer AS attempts FROM attempts");
    assertEquals(row!.attempts, 3);
  });
}

Deno.test("postgres: an open store outlives a restart of its server", async () => {
  await using store = await openPostgres(parseAddress(server.url(await server.database())));
  await store.add(sampleRun({ id: "run-1" }));
  for (const mode of ["fast", "immediate"] as const) {
    await server.stop(mode);
    await server.go();
    assertEquals((await store.get("run-1"))!.id, "run-1");
    await store.setBaseline("main", ["run-1"]);
    await store.add(sampleRun({ id: `run-${mode}` }));
  }
  assertEquals((await store.list()).length, 3);
});

Deno.test("postgres: a server that hangs is away", async () => {
  await using store = await openPostgres(parseAddress(server.url(await server.database())), {
    patienceMs: 100,
    deadlineMs: 1_000,
  });
  await store.add(sampleRun({ id: "run-1" }));
  await server.pause();
  try {
    const error = await assertRejects(() => store.add(sampleRun({ id: "run-2" })), SuiteError);
    assertStringIncludes(error.message, "the server is away (ETIMEDOUT)");
  } finally {
    await server.resume();
  }
  await store.add(sampleRun({ id: "run-2" }));
  assertEquals((await store.list()).length, 2);
});

Deno.test("postgres: what cannot be stored is refused, and nothing is kept", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  try {
    const backend = new ServerBackend(server.url(await server.database()), null, {
      spool: [folder],
    });
    const keeper = await Keeper.of(backend, { notice: () => {} });
    await keeper.add(sampleRun({ id: "run-1" }));
    const other = sampleRun({ id: "run-1", seed: 2 });
    await assertRejects(() => keeper.add(other), InputError, "another run has this id");
    assertEquals(Array.from(Deno.readDirSync(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("postgres: TLS as sslmode asks for it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  const ca = `${folder}/authority.pem`;
  await Deno.writeTextFile(ca, AUTHORITY);
  const database = await server.database();
  await within("postgres", `GRANT CREATE ON DATABASE ${database} TO guest`);
  // The certificate is for localhost; this server listens on IPv4 only.
  const rows: [mode: string, host: string, reason: string | null][] = [
    ["sslmode=prefer", "127.0.0.1", null],
    ["sslmode=require", "127.0.0.1", null],
    [`sslmode=verify-ca&sslrootcert=${ca}`, "127.0.0.1", null],
    [`sslmode=verify-full&sslrootcert=${ca}`, "localhost", null],
    [`sslmode=require&sslrootcert=${ca}`, "127.0.0.1", null],
    [`sslmode=verify-full&sslrootcert=${ca}`, "127.0.0.1", "certificate is not accepted"],
    ["sslmode=verify-full", "localhost", "certificate is not accepted"],
    ["sslmode=verify-ca", "127.0.0.1", "certificate is not accepted"],
    [`sslmode=verify-ca&sslrootcert=${ca}.none`, "127.0.0.1", "cannot be read"],
    ["sslmode=disable", "127.0.0.1", "the server refuses this user from here"],
  ];
  try {
    for (const [query, host, reason] of rows) {
      const url = `postgres://guest:${SECRET}@${host}:${port}/${database}?${query}`;
      const opened = () => openPostgres(parseAddress(url), { patienceMs: 100 });
      if (reason !== null) {
        const error = await assertRejects(opened, InputError, reason, query);
        assert(!error.message.includes(SECRET));
        continue;
      }
      await using store = await opened();
      assertEquals(await store.list(), [], query);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
