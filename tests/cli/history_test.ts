import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openStore } from "../../reports/history/open_store.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { parseRun, serialiseRun } from "../../workloads/runner/run_file.ts";
import { sampleRun } from "../workloads/runner/sample_run.ts";
import { command, end, type Ended, start } from "./command.ts";

/** Runs `body` with a folder of its own and a way to run `history` on the store in it. */
function withStore(
  name: string,
  body: (folder: string, history: (...args: string[]) => Promise<Ended>) => Promise<void>,
): void {
  Deno.test(`history: ${name}`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
    const [subcommand, ...none] = [`--store`, `${folder}/history.sqlite`];
    try {
      await body(
        folder,
        (word = "", ...args) => command("history", word, ...args, subcommand!, ...none),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function fill(folder: string, count: number, machineKey?: string): Promise<void> {
  await using store = await openStore(`${folder}/history.sqlite`);
  for (let day = 1; day <= count; day++) {
    await store.add(sampleRun({
      id: `run-${machineKey ? "here-" : ""}${day}`,
      startedAt: `2026-03-0${day}T00:00:00Z`,
      seed: day,
      ...(machineKey && { machineKey }),
    }));
  }
}

withStore("list shows the newest first, and says when there are more", async (folder, history) => {
  await fill(folder, 3);
  const { code, out } = await history("list", "--limit", "2");
  assertEquals(code, 0);
  assertMatch(out, /^run +started.*\nrun-3 .*\nrun-2 .*\nThere are more; raise --limit 2\.\n$/);
  const json = await history("list", "--json", "-", "--since", "2026-03-02");
  assertEquals(JSON.parse(json.out).map(({ id }: { id: string }) => id), ["run-3", "run-2"]);
  assertStringIncludes((await history("list", "--machine", "none")).out, "No stored run fits");
});

withStore("show tells facts and ranking of a run by the beginning of its id", async (folder, h) => {
  await fill(folder, 2);
  const { code, out } = await h("show", "run-1");
  assertEquals(code, 0);
  assertMatch(out, /machine key +x86_64\/kvm\/Sample CPU\/2\n/);
  assertStringIncludes(out, "Round trip");
  assertEquals(parseRun((await h("show", "latest", "--json", "-")).out, "out").id, "run-2");
  const several = await h("show", "run");
  assertEquals(several.code, 2);
  assertMatch(several.err, /"run" may be 2 stored runs, such as run-2 and run-1/);
});

withStore("import takes files and folders, and names what it refuses", async (folder, history) => {
  const files = `${folder}/files`;
  await Deno.mkdir(files);
  for (const id of ["run-1", "run-2"]) {
    await Deno.writeTextFile(`${files}/${id}.json`, serialiseRun(sampleRun({ id })));
  }
  await Deno.writeTextFile(
    `${files}/cut.json`,
    serialiseRun(sampleRun({ id: "run-cut" })).slice(0, 99),
  );
  await Deno.writeTextFile(`${files}/note.txt`, "not a run");
  const { code, out, err } = await history("import", files, "--json", `${folder}/result.json`);
  assertEquals([code, out], [2, "2 stored, 0 stored already, 1 refused\n"]);
  assertMatch(err, /^ipc-taxonomy: Cannot read .*cut\.json as a run: it is cut off\n$/);
  const result = JSON.parse(await Deno.readTextFile(`${folder}/result.json`));
  assertEquals([result.stored, result.present, result.left], [["run-1", "run-2"], [], 0]);
  const again = await history("import", `${files}/run-1.json`);
  assertEquals([again.code, again.out], [0, "0 stored, 1 stored already, 0 refused\n"]);
  assertEquals((await history("import", `${folder}/none.json`)).code, 2);
  assertMatch((await history("import", `${folder}/none`)).err, /there is no such file/);
});

withStore("a thousand run files are imported, and an interrupted import keeps its part", async (
  folder,
) => {
  const files = `${folder}/files`;
  await Deno.mkdir(files);
  for (let index = 0; index < 1_000; index++) {
    const run = sampleRun({ id: `run-${index}`, seed: index });
    await Deno.writeTextFile(`${files}/${index}.json`, serialiseRun(run));
  }
  const store = ["--store", `${folder}/history.sqlite`];
  const child = start(["history", "import", files, ...store, "--json", `${folder}/first.json`]);
  await someStored(`${folder}/history.sqlite`);
  child.kill("SIGINT");
  assertEquals((await end(child)).code, 130);
  const first = JSON.parse(await Deno.readTextFile(`${folder}/first.json`));
  assertEquals(first.stored.length + first.left, 1_000);
  assert(first.stored.length > 0 && first.left > 0);
  const { code, out } = await command("history", "import", files, ...store);
  assertEquals([code, out], [
    0,
    `${first.left} stored, ${first.stored.length} stored already, 0 refused\n`,
  ]);
});

/** Waits until an import has stored something. */
async function someStored(path: string): Promise<void> {
  for (;;) {
    try {
      await using store = await openStore(path, { create: false });
      if ((await store.list({ limit: 1 })).length > 0) return;
    } catch {
      // The importer has not made it yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

withStore("export refuses a run that a format has nothing for", async (folder, history) => {
  await fill(folder, 2);
  const file = `${folder}/rates.json`;
  const one = await history("export", "run-1", "--format", "github-bigger", "--output", file);
  assertEquals([one.code, one.out], [3, ""]);
  assertMatch(one.err, /^ipc-taxonomy: The run run-1 has no rates, .* github-smaller\n$/);
  assertEquals(await exists(file), false);
  const none = ["--all", "--format", "github-bigger", "--output", `${folder}/all/`];
  assertEquals((await history("export", ...none)).code, 3);

  const run = sampleRun({ id: "run-rates", startedAt: "2026-03-09T00:00:00Z" });
  const cells = run.cells.map((cell) => ({
    ...cell,
    id: cell.id.replace("round-trip", "throughput"),
    ...{ workload: "throughput", unit: "bytes/s", better: "higher" } as const,
  }));
  {
    await using store = await openStore(`${folder}/history.sqlite`);
    await store.add({ ...run, cells });
  }
  const all = await history("export", ...none);
  assertEquals([all.code, all.out], [0, `Written: ${folder}/all/run-rates.json\n`]);
  assertEquals(all.err.match(/has no rates/g)?.length, 2);
});

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

withStore("export writes one file, a folder of them, or stdout", async (folder, history) => {
  await fill(folder, 3);
  const run = sampleRun({ id: "run-3", startedAt: "2026-03-03T00:00:00Z", seed: 3 });
  assertEquals(parseRun((await history("export")).out, "out"), run);
  const csv = `${folder}/run.csv`;
  const one = await history("export", "run-1", "--format", "csv", "--output", csv);
  assertEquals([one.code, one.out], [0, `Written: ${csv}\n`]);
  assertMatch(await Deno.readTextFile(csv), /^run,started_at,/);
  const all = await history("export", "--all", "--format", "markdown", "--output", `${folder}/all`);
  assertEquals([all.code, all.out], [0, "3 files written\n"]);
  assertMatch(await Deno.readTextFile(`${folder}/all/run-2.md`), /^# IPC on Sample CPU/);
  const file = `${folder}/run.json`;
  await Deno.writeTextFile(file, serialiseRun(run));
  const direct = await command("history", "export", file, "--format", "bencher");
  assertEquals(direct.code, 0);
  assertEquals(Object.keys(JSON.parse(direct.out)).length, 4);
  assertMatch((await history("export", "--all")).err, /give --output FOLDER/);
});

withStore("prune needs a bound and leaves baselines", async (folder, history) => {
  await fill(folder, 4);
  await history("baseline", "main", "run-1");
  assertMatch((await history("prune")).err, /give --keep 100, or --before 90d/);
  assertEquals((await history("prune", "--keep", "2")).out, "1 run removed\n");
  assertEquals((await history("prune", "--before", "2026-03-04")).out, "1 run removed\n");
  const left = JSON.parse((await history("list", "--json", "-")).out);
  assertEquals(left.map(({ id }: { id: string }) => id), ["run-4", "run-1"]);
});

withStore("baseline names the newest runs of this machine, with its doubts", async (folder, h) => {
  const { machineKey } = readHost();
  await fill(folder, 2);
  assertMatch((await h("baseline", "main")).err, /There is no complete run of .*, only of x86_64/);
  await fill(folder, 7, machineKey);
  const set = await h("baseline", "main");
  assertEquals([set.code, set.err], [0, ""]);
  assertMatch(set.out, /^The baseline main is 5 runs:\n {2}run-here-3\n/);
  assert(!set.out.includes("warning"), set.out);
  const one = await h("baseline", "lone", "run-here-1");
  assertMatch(one.out, /warning: 1 run cannot show how much runs differ/);
  const listed = JSON.parse((await h("baseline", "--json", "-")).out);
  assertEquals(listed.map(({ name }: { name: string }) => name), ["lone", "main"]);
  assertMatch((await h("baseline", "lone", "--clear")).out, /forgotten, its runs stay/);
  assertMatch((await h("baseline", "lone", "--clear")).err, /no baseline "lone".*there is main/);
});

withStore("bad input is one line and exit 2", async (folder, history) => {
  await fill(folder, 1);
  const damaged = `${folder}/damaged.sqlite`;
  await Deno.writeTextFile(
    damaged,
    "not a database, but long enough to be taken for one".repeat(99),
  );
  const rows: [Ended, RegExp][] = [
    [await command("history", "lst"), /unknown command 'lst' \(Did you mean list\?\)/],
    [await command("history", "list", "--store", `${folder}/none`), /there is none yet/],
    [await command("history", "list", "--store", damaged), /damaged or no SQLite database/],
    [await command("history", "list", "--store", "http://x"), /none of sqlite:PATH/],
    [await history("show", "run-9"), /There is no stored run "run-9"/],
    [await history("list", "--since", "soon"), /"soon" is no moment/],
    [await history("export", "--format", "xml"), /Allowed choices are json, markdown/],
    [await history("export", "run-9"), /There is no stored run "run-9"/],
    [await history("baseline", "main", "run-9"), /There is no stored run "run-9"/],
    [await history("baseline", "main", "run-1", "--last", "3"), /Give either runs, or --last/],
    [await history("prune", "--keep", "-1"), /not a whole number/],
  ];
  for (const [{ code, out, err }, says] of rows) {
    assertEquals([code, out], [2, ""], err);
    assertMatch(err, says);
    assertEquals(err.trimEnd().split("\n").length, 1, err);
  }
  assertEquals(
    await Deno.readTextFile(damaged).then((text) => text.slice(0, 14)),
    "not a database",
  );
});

withStore(
  "trend shows steps with what changed, and hides cells without",
  async (folder, history) => {
    const stepping = "round-trip/pipe/64/same-cpu/process/2";
    {
      await using store = await openStore(`${folder}/history.sqlite`);
      for (let index = 0; index < 14; index++) {
        const run = sampleRun({
          id: `run-${String(index).padStart(2, "0")}`,
          startedAt: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
          seed: index + 1,
        });
        if (index >= 7) run.host = { ...run.host, kernel: "6.19.0" };
        run.cells = run.cells.map((cell) =>
          cell.id === stepping && cell.status === "measured" && index >= 7
            ? { ...cell, estimate: 1.3 * cell.estimate }
            : cell
        );
        await store.add(run);
      }
    }
    const machine = ["--machine", "x86_64/kvm/Sample CPU/2"];
    const { code, out, err } = await history("trend", ...machine, "--json", `${folder}/t.json`);
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^14 runs of x86_64\/kvm\/Sample CPU\/2, 2026-01-01 to 2026-01-14\n/);
    assertMatch(out, /before run-07 \(2026-01-08\): kernel 6\.18\.0 → 6\.19\.0\n/);
    assertMatch(
      out,
      /1\.\d\d × slower .* run-07 +kernel 6\.18\.0 → 6\.19\.0 +round-trip\/pipe\/64/,
    );
    assertMatch(out, /1 of 4 cells stepped to another level; the others are hidden/);
    const document = JSON.parse(await Deno.readTextFile(`${folder}/t.json`));
    assertEquals([document.schema, document.cells.length], ["ipc-taxonomy/trend/1", 4]);
    const all = await history("trend", "fifo", ...machine, "--all", "--limit", "6");
    assertMatch(all.out, /none .* round-trip\/fifo\/64.*\n\n0 of 2 cells .*5 runs on either side/s);
    for (
      const [args, says] of [
        [["--machine", "none"], /no such run of none .*--machine may be x86_64/],
        [["nothing-like-it", ...machine], /has no cell of nothing-like-it/],
      ] as const
    ) {
      const refused = await history("trend", ...args);
      assertEquals([refused.code, refused.out], [2, ""]);
      assertMatch(refused.err, says);
    }
  },
);
