// @gate alone

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tryListFolder } from "../../facilities/libc/files.ts";
import { kill, SIGKILL } from "../../facilities/libc/signal.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { parseRun } from "../../workloads/runner/run_file.ts";
import { warningsWith } from "../../workloads/runner/warning.ts";
import { leavingNothing, participantsOf } from "../leftovers.ts";
import { command, end, start } from "./command.ts";

const SMALL = [
  "bench",
  "--facility",
  "pipe,posix-shared-memory",
  "--workload",
  "round-trip",
  "--size",
  "64",
  "--wait",
  "futex",
  "--placement",
  "same-cpu",
  "--no-store",
];

async function readRun(path: string): Promise<RunDocument> {
  return parseRun(await Deno.readTextFile(path), path);
}

Deno.test("bench measures, prints a ranking, writes the document and the report", () =>
  leavingNothing(async (temporary) => {
    const folder = await Deno.makeTempDir();
    try {
      const json = `${folder}/run.json`;
      const report = `${folder}/site`;
      const { code, out, err } = await end(start([
        ...SMALL,
        ...["--trials", "6", "--budget", "60s", "--seed", "7", "--label", "a <b> label"],
        ...["--json", json, "--report", report],
      ], temporary));
      assertEquals([code, err], [0, ""]);
      assertMatch(out, /Round trip, 64 B a message, on one CPU/);
      assertMatch(out, /Pipe .* µs/);
      assertStringIncludes(out, `${report}/index.html`);

      const run = await readRun(json);
      assertEquals([run.complete, run.label, run.settings.seed], [true, "a <b> label", 7]);
      const cells = run.cells.filter((cell) => !cell.control);
      assertEquals(cells.map(({ id, status }) => `${id} ${status}`), [
        "round-trip/pipe/64/same-cpu/process/2 measured",
        "round-trip/posix-shared-memory/64/same-cpu/process/2/futex measured",
      ]);
      for (const cell of cells) {
        assert(cell.status === "measured");
        assertEquals(cell.trials.length, 6);
        assertEquals(cell.ciMethod, "order-statistics");
        assert(cell.ci95[0] <= cell.estimate && cell.estimate <= cell.ci95[1]);
        assert(cell.cost!.cpuNsPerOp > 0);
      }
      const page = await Deno.readTextFile(`${report}/index.html`);
      assertMatch(page, /a &lt;b(&gt;|>) label/);
      assertEquals(tryListFolder(temporary), []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }));

Deno.test("the waiting strategies and participants that are named are rows on the terminal", async () => {
  const { code, out, err } = await command(
    ...["bench", "--facility", "memfd", "--wait", "futex,eventfd", "--workload", "round-trip"],
    ...["--participants", "process,thread", "--size", "64,4KiB", "--placement", "same-cpu"],
    ...["--trials", "2", "--budget", "2m", "--no-report", "--no-store"],
  );
  assertEquals([code, err], [0, ""]);
  const tables = out.split("\n\n").filter((part) => part.startsWith("Round trip, on one CPU"));
  assertEquals(tables.length, 2, out);
  assertMatch(tables[1]!, /^Round trip, on one CPU, threads /);
  for (const table of tables) {
    const rows = table.split("\n").slice(2)
      .map((line) => /^ +(\d+ K?i?B) +\d {2}(memfd · \w+) +~?[\d.]+ \S+ +±/.exec(line)!.slice(1));
    const expected = ["4 KiB", "64 B"].flatMap((size) =>
      ["eventfd", "futex"].map((wait) => `${size} memfd · ${wait}`)
    );
    assertEquals(rows.map((words) => words.join(" ")).sort(), expected, table);
  }
});

Deno.test("a budget that is too little for an interval is doubted before anything is measured", async () => {
  const { code, out, err } = await command(
    ...[...SMALL, "--no-report", "--budget", "500ms", "--trials", "6"],
  );
  assertEquals(code, 0);
  assertMatch(
    err,
    /^ipc-taxonomy: a budget of 0\.5 s is enough for about \d of 6 trials of \d+ cells, and.*s, or .*\n$/,
  );
  assertMatch(out, /warning: the budget of 0\.5 s ended in round \d of 6, so that cells\s+have/);
});

Deno.test("--json - leaves stdout to the document", async () => {
  const { code, out, err } = await command(
    ...SMALL,
    ...["--facility", "pipe", "--trials", "1", "--budget", "5s", "--no-report", "--json", "-"],
  );
  assertEquals(code, 0);
  assert(parseRun(out, "stdout").cells.length > 0);
  assertStringIncludes(err, "Round trip");
});

for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`${signal} keeps what was measured and exits ${expected}`, () =>
    leavingNothing(async (temporary) => {
      const json = `${temporary}/run.json`;
      const child = start([
        ...SMALL,
        "--trials",
        "9999",
        "--budget",
        "1h",
        "--json",
        json,
        "--no-report",
      ]);
      await measuring(child.pid, 3);
      child.kill(signal);
      const { code, out, err } = await end(child);
      assertEquals([code, err], [expected, ""]);
      assertMatch(out, /interrupted,\s+incomplete/);
      const run = await readRun(json);
      assertEquals(run.complete, false);
      assert(run.cells.some(({ status }) => status === "measured"));
      await Deno.remove(json);
    }));
}

Deno.test("kill -9 of a participant loses one trial and no more", () =>
  leavingNothing(async (temporary) => {
    const json = `${temporary}/run.json`;
    const child = start([
      ...SMALL,
      "--trials",
      "3",
      "--budget",
      "12s",
      "--json",
      json,
      "--no-report",
    ]);
    const [participant] = await measuring(child.pid, 2);
    kill(participant!, SIGKILL);
    const { code } = await end(child);
    assertEquals(code, 0);
    const run = await readRun(json);
    assert(run.complete);
    assert(warningsWith("trial-lost", run.warnings).length > 0, JSON.stringify(run.warnings));
    for (const cell of run.cells) assertEquals(cell.status, "measured", cell.id);
    await Deno.remove(json);
  }));

const REFUSED: [args: string[], says: RegExp][] = [
  [["--facility", "pip"], /There is no facility "pip"; the nearest are pipe,/],
  [["--workload", "roundtrip"], /no workload "roundtrip".*round-trip/],
  [["--placement", "same"], /no placement "same".*same-cpu/],
  [["--placement", "cross-socket"], /This machine has no placement "cross-socket"|/],
  [["--participants", "fibre"], /no kind of participant "fibre"/],
  [["--wait", "sleep"], /no waiting strategy "sleep"/],
  [["--size", "0"], /"0" is no message size/],
  [["--size", "-1"], /-1/],
  [["--size", "10TiB"], /"10TiB" is no message size/],
  [["--size", ","], /at least one/],
  [["--profile", "fast"], /quick, standard, thorough/],
  [["--budget", "soon"], /"soon" is no span of time/],
  [["--trials", "0"], /"0" is not a whole number from 1/],
  [["--facilities", "pipe"], /unknown option '--facilities' \(Did you mean --facility\?\)/],
  [["pipe"], /too many arguments/],
  [["--seed", "\x1b[31mred\n"], /argument '\\u001b\[31mred\\n' is invalid/],
  [["--facility", "./no_such_module.ts"], /Cannot load facility .*no_such_module/],
  [["--facility", "futex", "--workload", "round-trip"], /Cannot measure anything/],
  [
    ["--facility", "posix-message-queue", "--workload", "throughput", "--size", "1MiB"],
    /Cannot measure anything.*msgsize_max/,
  ],
  [["--json", "/proc/nowhere/run.json"], /\/proc\/nowhere\/run.json/],
  [["--json", "/"], /"?\/"?/],
  [["--report", "/proc/nowhere"], /\/proc\/nowhere/],
];

Deno.test("bad input exits 2 with one line, before anything is measured", async () => {
  for (const [args, says] of REFUSED) {
    const { code, out, err } = await command("bench", "--no-store", ...args);
    const told = `${args.join(" ")}: ${code} ${err}`;
    // A machine with several sockets has that placement.
    if (args.includes("cross-socket") && code === 0) continue;
    assertEquals([code, out], [2, ""], told);
    assertMatch(err, says, told);
    assertEquals(err.trimEnd().split("\n").length, 1, told);
  }
});

/** Waits until a command measures its trial number `trial`; ids of the participants then alive. */
async function measuring(pid: number, trial: number): Promise<number[]> {
  const seen = new Set<number>();
  const deadline = performance.now() + 60_000;
  for (;;) {
    const alive = participantsOf(pid);
    alive.forEach((each) => seen.add(each));
    if (seen.size >= trial && alive.length > 0) return alive;
    assert(performance.now() < deadline, "the command did not start to measure");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
