import { assert, assertEquals } from "@std/assert";
import { checksOf } from "../../reports/expected.ts";
import { quantity } from "../../reports/html/model/format.ts";
import { type Row, rowsOf, workloadsIn } from "../../reports/html/model/rows.ts";
import { plain } from "../../reports/table.ts";
import { rankingTables } from "../../reports/terminal.ts";
import { tablesOf, type Wanted } from "../../reports/terminal/coverage.ts";
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { syntheticRun } from "./html/synthetic_run.ts";

const lines = (run: RunDocument) => rankingTables(run, 100).split("\n");

Deno.test("a run is printed as ranked tables that fit the terminal", () => {
  const printed = lines(syntheticRun());
  assertEquals(printed[0], "Round trip, 64 B a message, on one CPU, kept awake (lower is better)");
  assert(printed[1]!.includes("facility") && printed[1]!.includes("p99"));
  const pipe = printed.find((line) => / {2}Pipe /.test(line))!;
  assert(/Pipe .* \d\.\d\d µs {2}±\d\.\d %/.test(pipe), pipe);
  assert(printed.every((line) => line.length <= 100), printed.find((line) => line.length > 100));
  assert(printed.some((line) => line.startsWith("warning: SYNTHETIC")));
});

Deno.test("a run says what it does not show as it should, and where its curves bend", () => {
  const run = syntheticRun();
  assertEquals(
    lines(run).find((line) => line.startsWith("Checks:")),
    "Checks: 1 of 1 as expected",
  );
  const slow = syntheticRun({ slower: { facility: "fifo", factor: 3 } });
  const text = lines(slow).join(" ").replaceAll(/\s+/g, " ");
  const [odd] = checksOf(slow).filter(({ verdict }) => verdict === "unexpected");
  assert(text.includes("Checks: 0 of 1 as expected"), text);
  assert(text.includes(`unexpected: ${odd!.statement}: expected ${odd!.expected}`), text);
  assert(/Knees of the round trip on one CPU, .*: .*Pipe \d+ KiB/.test(text), text);
});

Deno.test("a range of too few trials is told from an interval, a missing p99 is made up for by p90", () => {
  const run = syntheticRun();
  for (const cell of run.cells) {
    if (cell.status !== "measured") continue;
    if (cell.facility === "pipe") cell.ciMethod = "none";
    delete cell.percentiles?.p99;
  }
  const printed = lines(run);
  assert(/±\d+\.\d %\*/.test(printed.find((line) => / {2}Pipe /.test(line))!));
  assert(!printed.find((line) => / {2}FIFO /.test(line))!.includes("*"));
  assert(printed.includes("* the range of the trials, which are too few for a 95 % interval"));
  assert(printed[1]!.includes("p90") && !printed[1]!.includes("p99"));
});

type Named = NonNullable<RunDocument["settings"]["named"]>;

/** The words of a row that are to be shown when these lists were named. */
function keyOf(row: Row, named: Named): string {
  return [
    ...[row.workload, row.facility],
    named.includes("sizes") && row.sizeBytes,
    named.includes("waits") && row.wait,
    named.includes("participants") && row.participants,
    named.includes("placements") && row.placement,
  ].join(" ");
}

const NAMED: Named[] = [
  ["facilities"],
  ["sizes"],
  ["waits"],
  ["participants"],
  ["placements"],
  ["facilities", "waits", "participants"],
  ["sizes", "placements", "participants", "waits"],
];

for (const named of NAMED) {
  Deno.test(`what the user named becomes rows, each with its interval: ${named.join(", ")}`, () => {
    const run = syntheticRun({ extent: "standard" });
    run.settings.named = named;
    const rows = rowsOf(run).filter((row) => !row.control);
    const wanted: Wanted = { named: new Set(named), all: false };
    const shown = workloadsIn(rows).flatMap((workload) => tablesOf(workload, rows, wanted))
      .flatMap(({ groups }) => groups.flatMap(({ places }) => places));
    const keys = (some: readonly Row[]) =>
      [...new Set(some.map((row) => keyOf(row, named)))].sort();
    assertEquals(keys(shown.map(({ row }) => row)), keys(rows));
    const printed = rankingTables(run, 200).split("\n").filter((line) => line.includes(" ±"));
    const labels = new Set(shown.map(({ label }) => plain(label)));
    const byLabel = new Map([...labels].map((label) => [
      label,
      printed.filter((line) => line.includes(label)).join("\n"),
    ]));
    for (const { label, row } of shown) {
      const figure = plain(quantity(row.estimate, row.unit));
      const found = byLabel.get(plain(label))!.includes(figure);
      assert(found, `${row.id}: no row with ${label}, ${figure} and an interval`);
    }
  });
}

Deno.test("everything measured can be reached", () => {
  const run = syntheticRun({ extent: "standard" });
  const rows = rowsOf(run).filter((row) => !row.control);
  const everything: Wanted = { named: new Set(), all: true };
  const ids = workloadsIn(rows).flatMap((workload) => tablesOf(workload, rows, everything))
    .flatMap(({ groups }) => groups.flatMap(({ places }) => places.map(({ row }) => row.id)));
  assertEquals(ids.sort(), rows.map(({ id }) => id).sort());
  const usual = rankingTables(run, 100, { rest: "somewhere" });
  assert(/\d cells more: somewhere/.test(usual), usual.slice(-500));
  assert(!/ cells? more:/.test(rankingTables(run, 100, { rest: "somewhere", all: true })));
});

Deno.test("a facility that is in no usual ranking is named below it, with a figure", () => {
  const run = syntheticRun();
  for (const cell of run.cells) if (cell.facility === "fifo") cell.participants = "thread";
  const text = lines(run).join(" ").replaceAll(/\s+/g, " ");
  const fifo = /Round trip elsewhere: FIFO: \d[^;]* ±\d[^;]*, 64 B a message on one CPU, threads/;
  assert(fifo.test(text), text);
});

Deno.test("a figure known to no better than ±50 % is marked", () => {
  const run = syntheticRun();
  const pipe = run.cells.filter((cell): cell is MeasuredCell =>
    cell.facility === "pipe" && cell.status === "measured"
  );
  const half = (share: number) => {
    for (const cell of pipe) {
      cell.ci95 = [cell.estimate * (1 - share), cell.estimate * (1 + share)];
    }
  };
  const row = () => lines(run).find((line) => / {2}Pipe /.test(line))!;
  const legend = "~ known to no better than ±50 %: raise --budget, or see what disturbs: " +
    "deno task doctor";
  half(0.5);
  assert(!/~/.test(row()) && !lines(run).includes(legend), row());
  half(0.51);
  assert(/Pipe +~\d\.\d\d µs +±51 %/.test(row()) && lines(run).includes(legend), row());
  half(0);
  for (const cell of pipe) cell.trials = cell.trials.slice(0, 1);
  assert(/Pipe +~\d\.\d\d µs /.test(row()) && lines(run).includes(legend), row());
});

Deno.test("why cells have no figure is said of what was named, and of a facility without any", () => {
  const run = syntheticRun();
  const reason = "mq_open failed with ENOSYS";
  const lacking = (keep: number) => ({
    ...run,
    cells: run.cells.map((cell, index) =>
      cell.facility === "posix-message-queue" && index >= keep && cell.status === "measured"
        ? {
          ...cell,
          status: "not-applicable" as const,
          reason,
          warnings: [],
        }
        : cell
    ),
  });
  const first = run.cells.findIndex(({ facility }) => facility === "posix-message-queue");
  const says = (some: RunDocument) =>
    lines(some).some((line) => line.startsWith("not applicable: POSIX message queue"));
  assert(says(lacking(0)));
  assert(!says(lacking(first + 1)), "it has a figure, and nothing was named");
  const named = { ...run.settings, named: ["facilities"] as Named };
  assert(says({ ...lacking(first + 1), settings: named }));
});
