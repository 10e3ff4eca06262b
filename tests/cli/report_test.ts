import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openStore } from "../../reports/history/open_store.ts";
import { syntheticRun } from "../reports/html/synthetic_run.ts";
import { fromFileUrl } from "../paths.ts";
import { command, permissions } from "./command.ts";

const MAIN = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

/** A folder with a store of two runs and a run file. */
async function withRuns(
  body: (paths: { folder: string; store: string; file: string; report: string }) => Promise<void>,
) {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-report-" });
  const [store, file, report] = ["h.sqlite", "run.json", "site"].map((name) => `${folder}/${name}`);
  try {
    {
      await using history = await openStore(store!);
      await history.add(syntheticRun({ seed: 1 }));
      await history.add(syntheticRun({ seed: 2, day: 1 }));
    }
    await Deno.writeTextFile(file!, JSON.stringify(syntheticRun({ seed: 3, day: 2 })));
    await body({ folder, store: store!, file: file!, report: report! });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("report makes a site of all stored runs, and tells its files", () =>
  withRuns(async ({ store, report }) => {
    const { code, out, err } = await command(
      ...["report", "--store", store, "--report", report, "--json", "-"],
    );
    assertEquals([code, err], [0, `Report: ${report}/index.html\n`]);
    const { written } = JSON.parse(out) as { written: string[] };
    assertEquals(written[0], `${report}/index.html`);
    assert(written.includes(`${report}/compare.html`));
    assert(written.includes(`${report}/facilities/pipe.html`));
    for (const path of written) assert((await Deno.stat(path)).isFile, path);
    assertStringIncludes(await Deno.readTextFile(`${report}/data.html`), "synthetic-small-2-1");
  }));

Deno.test("report --single-file makes one page a run, of files and of stored runs", () =>
  withRuns(async ({ store, file, report }) => {
    const { code, err } = await command(
      ...[
        "report",
        file,
        "synthetic-small-1",
        "--single-file",
        "--title",
        "A <b>",
        "--store",
        store,
      ],
      ...["--report", report],
    );
    assertEquals([code, err], [0, ""]);
    const names = [...Deno.readDirSync(report)].map(({ name }) => name).sort();
    assertEquals(names, ["index.html", "synthetic-small-1-0.html"]);
    const page = await Deno.readTextFile(`${report}/index.html`);
    assertMatch(page, /<title>A &lt;b(&gt;|>)<\/title>/);
    assertStringIncludes(page, "synthetic-small-3-2");
  }));

Deno.test("report refuses in one line what it cannot read", () =>
  withRuns(async ({ folder, store, file, report }) => {
    const broken = `${folder}/broken.json`;
    await Deno.writeTextFile(broken, "{");
    const rows: [string[], RegExp][] = [
      [["./missing.json"], /missing\.json/],
      [[broken], /broken\.json .*cut off/],
      [["nonesuch", "--store", store], /nonesuch/],
      [["--store", `${folder}/none.sqlite`], /none\.sqlite/],
      [[file, "--fidelity", broken], /broken\.json as a comparison with native code/],
      [[file, "--fidelity", file], /schema/],
      [[file, "--claims", `${folder}/h.sqlite`], /h\.sqlite as verdicts .*not JSON/],
      [[file, "--report", "/proc/nowhere"], /\/proc\/nowhere/],
    ];
    for (const [args, message] of rows) {
      const { code, out, err } = await command("report", "--report", report, ...args);
      assertEquals([code, out], [2, ""], args.join(" "));
      assertMatch(err, message);
      assertEquals(err.trimEnd().split("\n").length, 1, err);
    }
  }));

Deno.test("serve shows the stored runs on 127.0.0.1, and a new one once it is stored", () =>
  withRuns(async ({ store, report }) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", ...permissions(), MAIN, "serve"],
        ...["--store", store, "--report", report, "--port", "0"],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream() as never)
      [Symbol.asyncIterator]();
    try {
      const first = String((await lines.next()).value);
      const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(first)![0];
      const before = await (await fetch(`${url}data.html`)).text();
      assertStringIncludes(before, "synthetic-small-2-1");
      assert(!before.includes("synthetic-small-4-3"));
      {
        await using history = await openStore(store);
        await history.add(syntheticRun({ seed: 4, day: 3 }));
      }
      assertStringIncludes(String((await lines.next()).value), "Report made anew");
      const after = await (await fetch(`${url}data.html`)).text();
      assertStringIncludes(after, "synthetic-small-4-3");
      child.kill("SIGTERM");
      assertEquals((await child.status).code, 143);
    } finally {
      await lines.return?.();
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
    }
  }));
