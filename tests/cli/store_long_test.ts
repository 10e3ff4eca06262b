// @gate long alone

/** Commands whose store is a PostgreSQL server. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PostgresServer } from "../postgres_server.ts";
import { fromFileUrl } from "../paths.ts";
import { Source } from "../reports/check/synthetic.ts";
import { end, type Ended, permissions } from "./command.ts";

const MAIN = fromFileUrl(import.meta.resolve("../../cli/main.ts"));
/** What is measured does not matter here. */
const BENCH = [
  ...["bench", "--facility", "pipe", "--workload", "round-trip", "--size", "1"],
  ...["--placement", "unpinned", "--trials", "1", "--budget", "1s"],
];
const SECRET = "s3cr3t-phrase";

/** Runs a command in a folder of its own, where its spool will be too. */
async function inFolder(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...permissions(), MAIN, ...args],
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { GITHUB_ACTIONS: "", TMPDIR: folder, ...environment },
  }).spawn();
  return await end(child);
}

Deno.test("commands keep their runs in PostgreSQL, also those that it missed", async () => {
  await using server = await PostgresServer.start({ access: ["local all guest scram-sha-256"] });
  const database = await server.database();
  await server.within(database, async (sql) => {
    await sql.unsafe(`CREATE ROLE guest LOGIN PASSWORD '${SECRET}'`);
    await sql.unsafe(`GRANT CREATE ON DATABASE ${database} TO guest`);
  });
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  const said: string[] = [];
  const run = async (args: readonly string[], password = SECRET) => {
    const environment = {
      IPC_TAXONOMY_STORE: server.url(database, "guest"),
      PGPASSWORD: password,
    };
    const ended = await inFolder(folder, args, environment);
    said.push(ended.out, ended.err);
    return ended;
  };
  const listed = async () => {
    const { code, out, err } = await run(["history", "list", "--json", "-"]);
    assertEquals(code, 0, err);
    return JSON.parse(out).map(({ id }: { id: string }) => id);
  };
  try {
    const first = await run([...BENCH, "--no-report"]);
    assertEquals(first.code, 0, first.err);
    const [stored] = await listed();

    const refused = await run([...BENCH, "--no-report", "--json", "run.json"], `${SECRET}-not`);
    assertEquals(refused.code, 2, refused.err);
    const away = await (async () => {
      await server.stop();
      const ended = await run([...BENCH, "--report", "report"]);
      await server.go();
      return ended;
    })();
    assertEquals(away.code, 4, away.err);
    assertStringIncludes(away.out, "Report: report/index.html");
    for (const { err } of [refused, away]) {
      const lines = err.trim().split("\n");
      assertEquals(lines.length, 2, err);
      assertStringIncludes(lines[0]!, "the run will be kept on this machine");
      assertStringIncludes(lines[1]!, "the run is kept in results/spool/");
    }

    const kept = JSON.parse(await Deno.readTextFile(`${folder}/run.json`)).id;
    const ids = await listed();
    assertEquals([ids.length, ids.includes(stored), ids.includes(kept)], [3, true, true]);
    assertStringIncludes(said.at(-1)!, "2 runs that were kept on this machine went to postgres://");

    const source = new Source(1);
    const drawn = ["drawn-1", "drawn-2"];
    for (const id of drawn) {
      await Deno.writeTextFile(`${folder}/${id}.json`, JSON.stringify(source.run({ id })));
    }
    for (
      const args of [
        ["history", "baseline", "main", "--last", "2"],
        ["history", "trend"],
        ["history", "export", "latest"],
        ["history", "import", ...drawn.map((id) => `${id}.json`)],
        ["compare", ...drawn],
        ["report", "--report", "site"],
        ["bench", "--help"],
      ]
    ) {
      const { code, err } = await run(args);
      assertEquals(code, 0, `${args.join(" ")}: ${err}`);
    }

    await server.within(database, (sql) =>
      sql.unsafe(
        `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
         CREATE TRIGGER refuse BEFORE INSERT ON ipc_taxonomy.runs EXECUTE FUNCTION refuse()`,
      ).simple());
    const checked = await run(["check", ...BENCH.slice(1), "--no-confirm"]);
    assert([1, 3, 4].includes(checked.code), checked.err);
    assertStringIncludes(checked.err, "not today; the run is kept in results/spool/");
    assertStringIncludes(checked.out, "cells");

    for await (const text of textsBelow(folder)) said.push(text);
    assertEquals(said.filter((text) => text.includes(SECRET)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** What the commands have written. */
async function* textsBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (isDirectory) yield* textsBelow(`${folder}/${name}`);
    else if (isFile) yield await Deno.readTextFile(`${folder}/${name}`);
  }
}

Deno.test("a store in a file loads no client of PostgreSQL", async () => {
  const root = new URL("../../", import.meta.url);
  const importers: string[] = [];
  for (const folder of ["cli", "reports", "workloads", "facilities"]) {
    for await (const path of sourcesBelow(folder)) {
      if (path.startsWith("reports/history/postgres/")) continue;
      const text = await Deno.readTextFile(new URL(path, root));
      // `import type` is gone when it runs; what remains must be a call of import().
      if (
        /^(?:import|export) (?!type)[^;]*? from "(?:postgres|[^"]*\/postgres\/[^"]*)"/m.test(text)
      ) {
        importers.push(path);
      }
    }
  }
  assertEquals(importers, []);

  async function* sourcesBelow(folder: string): AsyncGenerator<string> {
    for await (const { name, isDirectory } of Deno.readDir(new URL(`${folder}/`, root))) {
      if (isDirectory) yield* sourcesBelow(`${folder}/${name}`);
      else if (/\.tsx?$/.test(name)) yield `${folder}/${name}`;
    }
  }
});
