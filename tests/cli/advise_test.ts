// @gate alone

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { LEAVES } from "../../facilities/taxonomy.ts";
import type { AdviceDocument } from "../../cli/advise.ts";
import { requirementsOf } from "../../reports/advise/requirements.ts";
import type { ClaimVerdict, RunDocument } from "../../workloads/runner/document.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { serialiseRun } from "../../workloads/runner/run_file.ts";
import { leavingNothing } from "../leftovers.ts";
import { admittedRun } from "../reports/advise/admitted_run.ts";
import { citedClaims } from "../reports/advise/cited.ts";
import { command } from "./command.ts";

/** What `advise` cites, as if it had been tried. */
const VERDICTS = (await citedClaims()).map((pair): ClaimVerdict => {
  const [id, facility] = pair.split(" ") as [string, string];
  return { id, statement: id, facility, verdict: "holds", expected: "-", observed: "-" };
});

/** Runs the command on a run document. */
async function adviseOn(run: RunDocument, ...args: string[]) {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  try {
    const [file, json] = [`${folder}/run.json`, `${folder}/answer.json`];
    await Deno.writeTextFile(file, serialiseRun(run));
    const ended = await command("advise", file, ...args, "--json", json);
    const text = await Deno.readTextFile(json).catch(() => "null");
    return { ...ended, json: JSON.parse(text) as AdviceDocument };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const QUEUES = ["sysv-message-queue", "posix-message-queue"].map((facility) => ({ facility }));

Deno.test("advise prints the ranking, the limits and why the others are left out", async () => {
  const question = requirementsOf({ needs: ["boundaries", "survives-exit"] });
  const run = { ...admittedRun(question, QUEUES), claims: VERDICTS };
  const { code, out, err, json } = await adviseOn(run, "--boundaries", "--survives-exit");
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /^A request and its reply, 64 B a message\n {2}· messages stay apart\n/);
  assertMatch(out, / (?:is best|tie): /);
  assertMatch(out, /Round trip on one CPU, between processes; run admitted-1, 2 January 2026/);
  assertMatch(out, /\n1[ =] {2}(?:System V|POSIX) message queue .* 1\.00 ×/);
  assertMatch(out, /\n {2}POSIX message queue: .*fs\.mqueue\.msg_max/);
  assertMatch(
    out,
    /Pipe.*: a read returns any number of the bytes\s+written\n {4}claim undelimited/,
  );
  assertEquals(json.schema, "ipc-taxonomy/advice/1");
  assertEquals(json.question, question);
  assertEquals(json.run?.id, "admitted-1");
  assertEquals(json.run?.onTheSpot, false);
  assertEquals(json.slice, { placement: "same-cpu", participants: "process", awake: false });
  const order = run.cells.flatMap((cell) => cell.status === "measured" ? [cell] : [])
    .sort((a, b) => a.estimate - b.estimate);
  assertEquals(
    json.ranked.map(({ cell, estimate, ci95 }) => [cell, estimate, ci95]),
    order.map(({ id, estimate, ci95 }) => [id, estimate, ci95]),
  );
  assertEquals(json.excluded.length, LEAVES.length - QUEUES.length);
  for (const { claim, reason, rule } of json.excluded) {
    assertEquals([claim?.verdict, typeof reason, typeof rule], ["holds", "string", "string"]);
  }
  assertEquals(json.toMeasure, []);
});

Deno.test("what was not measured is named under --no-measure, with what measures it; exit 3", async () => {
  const run = { ...admittedRun(requirementsOf(), []), claims: VERDICTS };
  const args = ["--boundaries", "--survives-exit", "--size", "4KiB", "--no-measure"];
  const { code, out, json } = await adviseOn(run, ...args);
  assertEquals(code, 3);
  assertEquals([json.ranked, json.toMeasure], [[], QUEUES.map(({ facility }) => facility)]);
  assertStringIncludes(out, "2 facilities would do, but nothing of them was measured");
  assertStringIncludes(
    out,
    "deno task bench --workload round-trip --size 4096",
  );
});

Deno.test("where no facility will do, advise says so and exits 3", async () => {
  const run = { ...admittedRun(requirementsOf(), []), claims: VERDICTS };
  const { code, out, json } = await adviseOn(run, "--pattern", "mutual-exclusion", "--pollable");
  assertEquals([code, json.ranked, json.toMeasure], [3, [], []]);
  assertStringIncludes(out, "No facility will do");
});

for (const missing of ["has no cell", "has too few trials"]) {
  Deno.test(`advise measures what ${missing}, and tries claims that nobody tried`, () =>
    leavingNothing(async () => {
      const { machineKey } = readHost();
      const question = requirementsOf({ pattern: "broadcast", needs: ["network-later"] });
      const sample = admittedRun(question, missing === "has no cell" ? [] : [{ facility: "udp" }]);
      for (const cell of sample.cells) Object.assign(cell, { ciMethod: "none" });
      const untried = (each: ClaimVerdict) => each.id === "one-to-many" || each.facility === "fifo";
      const run = {
        ...sample,
        host: { ...sample.host, machineKey },
        claims: VERDICTS.filter((each) => !untried(each)),
      };
      const args = ["--pattern", "broadcast", "--network-later", "--budget", "2s"];
      const { code, err, out, json } = await adviseOn(run, ...args);
      assertEquals(code, 0, err);
      assertEquals(json.run?.onTheSpot, true);
      assertMatch(out, /These figures were not kept; .* --workload one-way --size 64/);
      assertEquals(json.ranked.map(({ facility }) => facility), ["udp"]);
      assertMatch(json.ranked[0]!.cell, /^one-way\/udp[^/]*\/64\//);
      assert(json.ranked[0]!.estimate > 0);
      assertEquals(json.ranked[0]!.claims, [
        { id: "one-to-many", verdict: "holds" },
        { id: "identifier", verdict: "holds" },
      ]);
      const fifo = json.excluded.find(({ facility }) => facility === "fifo");
      assertEquals(fifo?.claim, { id: "destructive-read", verdict: "holds" });
    }));
}

Deno.test("what cannot be measured at all has its reason, and exit 3", async () => {
  const sample = admittedRun(requirementsOf(), []);
  const host = { ...sample.host, machineKey: readHost().machineKey };
  const args = ["--pattern", "fan-in", "--network-later", "--boundaries"];
  const { code, out, json } = await adviseOn({ ...sample, host, claims: VERDICTS }, ...args);
  assertEquals([code, json.ranked, json.toMeasure], [3, [], []]);
  assertEquals(json.unmeasured.map(({ facility }) => facility), ["udp"]);
  assertMatch(out, /\n {2}UDP socket: each end of its channel belongs to one participant\n/);
});

Deno.test("a run of another machine is never filled up on this one", async () => {
  const run = { ...admittedRun(requirementsOf(), QUEUES), claims: VERDICTS };
  const { code, err, out, json } = await adviseOn(run);
  assertEquals([code, err], [0, ""]);
  assertEquals(json.run?.onTheSpot, false);
  assert(json.toMeasure.includes("pipe"));
  assertMatch(out, /\n {2}Pipe: not measured yet\n/);
  assertStringIncludes(out, "That run is of another machine");
});

Deno.test("bad arguments of advise are one line and exit 2", async () => {
  const rows: [RegExp, ...args: string[]][] = [
    [/Allowed choices are request-reply, stream/, "--pattern", "requests"],
    [/"3 pages" is no message size/, "--size", "3 pages"],
    [/Give one size/, "--size", "1,2"],
    [/"fast" is no rate: give for example 500\/s/, "--rate", "fast"],
    [/"20" is no share of a CPU: give for example 20%/, "--rate", "1", "--cpu-budget", "20"],
    [/--cpu-budget is a budget at some rate/, "--cpu-budget", "20%"],
    [/--threads and --other-users exclude each other/, "--threads", "--other-users"],
    [/--size is about messages, and wake-up/, "--pattern", "wake-up", "--size", "64"],
    [/Did you mean --unrelated\?/, "--unrelatd"],
    [/no such file/, "./no-such-run.json"],
    [/there is none yet/, "--store", "/tmp/no-such-folder/history.sqlite"],
  ];
  for (const [says, ...args] of rows) {
    const { code, out, err } = await command("advise", ...args);
    assertEquals([code, out], [2, ""], args.join(" "));
    assertMatch(err, says);
    assertEquals(err.trimEnd().split("\n").length, 1, err);
  }
});
