// @gate alone

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { CheckDocument } from "../../reports/check/document.ts";
import { openStore } from "../../reports/history/open_store.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { serialiseRun } from "../../workloads/runner/run_file.ts";
import { leavingNothing } from "../leftovers.ts";
import { breachesOf } from "../reports/check/junit_rules.ts";
import { cellId, type Now, Source } from "../reports/check/synthetic.ts";
import { parseXml } from "../reports/check/xml_parser.ts";
import { command, end, type Ended, start } from "./command.ts";

interface Bench {
  readonly folder: string;
  readonly source: Source;
  /** Writes a run into a file and returns its path. */
  readonly file: (run: RunDocument) => Promise<string>;
  /** Checks with the store of the folder. */
  readonly check: (...args: string[]) => Promise<Ended>;
}

/** A folder with a history that has the baseline `main` of five runs. */
function withBaseline(name: string, body: (bench: Bench) => Promise<void>): void {
  Deno.test(`check: ${name}`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
    try {
      const source = new Source(1);
      const url = `${folder}/history.sqlite`;
      {
        await using store = await openStore(url);
        const runs = source.baseline();
        for (const run of runs) await store.add(run);
        await store.setBaseline("main", runs.map(({ id }) => id));
      }
      await body({
        folder,
        source,
        file: async (run) => {
          const path = `${folder}/${run.id}.json`;
          await Deno.writeTextFile(path, serialiseRun(run));
          return path;
        },
        check: (...args) => command("check", "--store", url, ...args),
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const OUTCOMES: [verdict: string, code: number, now: Now, says: RegExp][] = [
  ["pass", 0, {}, /none of 40 judged cells is slower/],
  ["regressed", 1, { times: 1.6, slow: [cellId(4)] }, /1\.\d\d × slower .*facility-4\/64/],
  ["improved", 0, { times: 0.5, slow: [cellId(4)] }, /\d\.\d\d × faster .*facility-4\/64/],
  ["inconclusive", 3, { stolen: 2 }, /all together .*moved/],
];

for (const [verdict, code, now, says] of OUTCOMES) {
  withBaseline(`${verdict} exits ${code} and says why`, async ({ folder, source, file, check }) => {
    const candidate = await file(source.run(now));
    const [json, markdown, junit] = ["json", "md", "xml"].map((end) => `${folder}/check.${end}`);
    const ended = await check(
      ...["--candidate", candidate, "--baseline", "main"],
      ...["--json", json!, "--markdown", markdown!, "--junit", junit!],
    );
    assertEquals([ended.code, ended.err], [code, ""]);
    assertMatch(ended.out, says);
    assertMatch(ended.out, new RegExp(`\\nVerdict: ${verdict}: .*\\n$`));
    assertMatch(ended.out, /\n40 cells judged, none left out\n/);

    const document: CheckDocument = JSON.parse(await Deno.readTextFile(json!));
    assertEquals([document.schema, document.verdict, document.exitCode], [
      "ipc-taxonomy/check/1",
      verdict,
      code,
    ]);
    assertEquals(document.counts.judged, 40);
    assertEquals(document.baseline.runs.length, 5);
    assertEquals(document.confirmation, "holm");

    assertMatch(await Deno.readTextFile(markdown!), new RegExp(`^## . IPC check: ${verdict}: `));
    const xml = await Deno.readTextFile(junit!);
    const count = (pattern: RegExp) => xml.match(pattern)?.length ?? 0;
    assertEquals(count(/<testcase /g), 42);
    const bad = count(/<failure /g) + count(/<error /g);
    assertMatch(xml, /<testsuites tests="42" failures="[01]" errors="[02]">/);
    assertMatch(xml, /<testsuite [^>]*tests="42" failures="[01]" errors="[02]" skipped="0"/);
    assertEquals(breachesOf(parseXml(xml)), []);
    assertEquals(bad > 0, code !== 0);
  });
}

withBaseline("the latest baseline is taken, or a file, or a stored run", async (bench) => {
  const candidate = ["--candidate", await bench.file(bench.source.run())];
  const latest = await bench.check(...candidate);
  assertMatch(latest.out, /against the baseline main \(5 runs\)/);
  const file = await bench.file(bench.source.run({ trials: 12 }));
  const trials = ["--candidate", await bench.file(bench.source.run({ trials: 12 }))];
  const single = await bench.check(...trials, "--baseline", file);
  assertMatch(single.out, /against the baseline of 1 run, /);
  assertStringIncludes(single.out, "warning: the baseline is 1 run: 5 or more tell");
  const stored = await bench.check(...candidate, "--baseline", "run-3");
  assertMatch(stored.out, /against the baseline of 1 run, /);
});

withBaseline("the threshold is kept", async ({ source, file, check }) => {
  const candidate = await file(source.run({ times: 1.6, slow: [cellId(4)] }));
  assertEquals((await check("--candidate", candidate, "--threshold", "20%")).code, 1);
  assertEquals((await check("--candidate", candidate, "--threshold", "100%")).code, 0);
});

withBaseline(
  "lost cells are named, and above 10 % of the baseline's it is inconclusive",
  async (bench) => {
    const { folder, source, file, check } = bench;
    const without = async (lost: number) => {
      const run = source.run();
      const ids = Array.from({ length: lost }, (_, index) => cellId(index));
      return await file({ ...run, cells: run.cells.filter(({ id }) => !ids.includes(id)) });
    };
    const judged = async (lost: number, ...args: string[]) => {
      const paths = ["json", "md", "xml"].map((end) => `${folder}/check.${end}`);
      const [json, markdown, junit] = paths as [string, string, string];
      const candidate = await without(lost);
      const ended = await check(
        ...["--candidate", candidate, "--json", json, "--markdown", markdown, "--junit", junit],
        ...args,
      );
      const [document, ...texts] = await Promise.all(paths.map((path) => Deno.readTextFile(path)));
      return { ...ended, document: JSON.parse(document!) as CheckDocument, texts };
    };
    for (const [lost, code] of [[1, 0], [4, 0], [5, 3], [39, 3]] as const) {
      const { code: exit, out, document, texts } = await judged(lost);
      assertEquals(exit, code, out);
      const named = document.notJudged.filter(({ kind }) => kind === "lost").map(({ id }) => id);
      assertEquals(named, Array.from({ length: lost }, (_, index) => cellId(index)));
      for (const text of [out, ...texts]) assertStringIncludes(text, cellId(lost - 1));
      assertMatch(
        out,
        new RegExp(`${40 - lost} cells? judged, ${lost} not: ${lost} because the cand`),
      );
      if (code !== 3) continue;
      assertMatch(
        out,
        new RegExp(`inconclusive: .*${lost} of the 40 cells of the baseline were not`),
      );
      assertStringIncludes(out, `such as ${cellId(0)}`);
    }
  },
);

withBaseline("a regression outweighs lost cells", async ({ source, file, check }) => {
  const run = source.run({ times: 1.6, slow: [cellId(30)] });
  const cells = run.cells.filter((cell) =>
    cell.control || Number(cell.id.match(/-(\d+)\//)![1]) > 9
  );
  assertEquals((await check("--candidate", await file({ ...run, cells }))).code, 1);
});

withBaseline("the options that name cells select those that count", async (bench) => {
  const { source, file, check } = bench;
  const run = source.run();
  // Half of the cells at another size, which the candidate does not have.
  const resize = (cell: RunDocument["cells"][number], index: number) =>
    cell.control || index % 2
      ? cell
      : { ...cell, id: cell.id.replace("/64/", "/4096/"), sizeBytes: 4096 };
  const both = await file({ ...source.run(), id: "both", cells: source.run().cells.map(resize) });
  const half = await file({
    ...run,
    cells: run.cells.map(resize).filter(({ control, sizeBytes }) => control || sizeBytes === 64),
  });
  const args = ["--baseline", both, "--candidate", half];
  const all = await check(...args);
  assertEquals(all.code, 3, all.out);
  const some = await check(...args, "--size", "64");
  assertMatch(some.out, /\d+ cells? judged, none left out|cells? judged, \d+ not/);
  assert(!some.out.includes("4096"), some.out);
  assert(!some.out.includes("were not measured"), some.out);
});

withBaseline("on GitHub it annotates and appends to the summary", async (bench) => {
  const { folder, source, file } = bench;
  const candidate = await file(source.run({ times: 1.6, slow: [cellId(4)] }));
  const summary = `${folder}/summary.md`;
  await Deno.writeTextFile(summary, "before\n");
  const { code, out } = await end(start(
    ["check", "--store", `${folder}/history.sqlite`, "--candidate", candidate],
    undefined,
    { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary },
  ));
  assertEquals(code, 1);
  assertMatch(out, /^::error title=IPC regression::round-trip\/facility-4\/.*× slower.*$/m);
  assertMatch(out, /^::error title=IPC check::regressed: 1 cell slower than the baseline$/m);
  assertMatch(await Deno.readTextFile(summary), /^before\n## . IPC check: regressed/);
});

withBaseline(
  "what cannot be compared exits 3, what cannot be read 2, in one line",
  async (bench) => {
    const { folder, source, file, check } = bench;
    const run = source.run();
    const good = await file(run);
    const broken = async (name: string, text: string) => {
      const path = `${folder}/${name}.json`;
      await Deno.writeTextFile(path, text);
      return path;
    };
    const text = serialiseRun(run);
    const host = {
      ...run.host,
      machineKey: "aarch64/none/Other CPU/8",
      cpuModel: "Other CPU",
      cpus: 8,
    };
    const foreign = await file({ ...run, id: "run-foreign", host });
    const controls = run.cells.filter(({ control }) => control);
    const bare = await file({ ...run, id: "run-bare", cells: [] });
    const other = await file({
      ...run,
      id: "run-other",
      settings: { ...run.settings, awake: true },
      cells: [
        ...controls,
        ...run.cells.filter(({ control }) => !control).map((cell) => ({
          ...cell,
          id: `${cell.id}/awake`,
        })),
      ],
    });
    const rows: [code: number, says: RegExp, ...args: string[]][] = [
      [3, /of different machines, CPU model Other CPU and Sample CPU, CPUs 8 and 2/, foreign, good],
      [3, /baseline main is of another machine, x86_64\/kvm\/Sample CPU\/2/, "main", foreign],
      [3, /no cell in common: the one has round-trip\/fac.*, the other none at all/, bare, good],
      [3, /no cell in common.*measure the candidate with --no-awake/, good, other],
      [3, /no cell in common.*with --awake, and so should the candidate/, other, good],
      [2, /is cut off/, await broken("cut", text.slice(0, text.length / 2)), good],
      [2, /is empty/, await broken("empty", ""), good],
      [2, /is not JSON/, await broken("words", "hello"), good],
      [
        2,
        /schema is "ipc-taxonomy\/run\/9"/,
        await broken("v9", text.replace("run/2", "run/9")),
        good,
      ],
      [2, /is cut off/, "main", `${folder}/cut.json`],
      [2, /no such file/, `${folder}/none.json`, good],
      [2, /no baseline and no run "mian".*there is main/, "mian", good],
      [2, /no stored run "run-99"/, "main", "run-99"],
      [2, /"10" is no share: give for example 10%/, "main", good, "--threshold", "10"],
      [
        2,
        /110% would pass a cell that takes 2\.1 times as long .* 110% of .*, give 10% \(at most/,
        ...["main", good, "--threshold", "110%"],
      ],
      [2, /100\.5% would pass .* give 0\.5% /, "main", good, "--threshold", "100.5%"],
      [2, /no workload "foo"/, "main", good, "--workload", "foo"],
      [3, /baseline has no cell of the given .* such as round-trip/, "main", good, "--size", "4"],
      [2, /Cannot write/, "main", good, "--markdown", "/proc/nowhere/x.md"],
      [2, /Cannot write/, "main", good, "--junit", folder],
    ];
    for (const [code, says, baseline, candidate, ...more] of rows) {
      const args = ["--baseline", baseline!, "--candidate", candidate!, ...more];
      const ended = await check(...args);
      assertEquals([ended.code, ended.out], [code, ""], `${args.join(" ")}: ${ended.err}`);
      assertMatch(ended.err, says);
      assertEquals(ended.err.trimEnd().split("\n").length, 1, ended.err);
    }
    const none = await command("check", "--store", `${folder}/none.sqlite`);
    assertEquals(none.code, 2);
    assertMatch(none.err, /there is none yet/);
    {
      await using _new = await openStore(`${folder}/new.sqlite`);
    }
    const fresh = await command("check", "--store", `${folder}/new.sqlite`);
    assertEquals(fresh.code, 2);
    assertMatch(fresh.err, /There is no baseline in .*bench --awake five times/);
    // The history has runs of another machine only.
    const here = await check();
    assertEquals(here.code, 3);
    assertMatch(here.err, /are of other machines \(x86_64\/kvm\/Sample CPU\/2\), none of/);
  },
);

Deno.test("an interrupted check judges nothing and exits 130", () =>
  leavingNothing(async (temporary) => {
    const store = `${temporary}/history.sqlite`;
    const small = ["--facility", "pipe", "--workload", "round-trip", "--size", "64"];
    const placed = [...small, "--placement", "same-cpu", "--store", store];
    const first = await end(
      start(["bench", ...placed, "--trials", "2", "--budget", "3s", "--no-report"], temporary),
    );
    assertEquals(first.code, 0);
    await command("history", "baseline", "main", "--store", store);
    const child = start(
      ["check", ...placed, "--trials", "9999", "--budget", "1h"],
      temporary,
    );
    await scratchFolder(temporary);
    child.kill("SIGINT");
    const { code, out } = await end(child);
    assertEquals([code, out], [130, "interrupted: nothing was judged\n"]);
    for await (const { name } of Deno.readDir(temporary)) {
      if (name.startsWith("history")) await Deno.remove(`${temporary}/${name}`);
    }
  }));

/** Waits until a run has made the folder for its trials: it measures. */
async function scratchFolder(temporary: string): Promise<void> {
  for (;;) {
    for await (const { name, isDirectory } of Deno.readDir(temporary)) {
      if (isDirectory && name.startsWith("ipc-taxonomy-")) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("what means nothing for the self-test is refused", async () => {
  const rows: [RegExp, ...string[]][] = [
    [/--baseline means nothing with --self-test/, "--self-test", "--baseline", "main"],
    [/"plant" is no part: give some of unchanged, planted, drift/, "--self-test", "plant"],
    [/"5" is no delay: give shares such as 5%/, "--self-test", "--delays", "5"],
    [/"0" is not a whole number from 1/, "--self-test", "--checks", "0"],
  ];
  for (const [says, ...args] of rows) {
    const { code, out, err } = await command("check", ...args);
    assertEquals([code, out], [2, ""]);
    assertMatch(err, says);
  }
});
