import { assert, assertEquals } from "@std/assert";
import { checksOf } from "../../reports/expected.ts";
import { rankingTables } from "../../reports/terminal.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
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
