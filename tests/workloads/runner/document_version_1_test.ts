import { assert, assertEquals, assertThrows } from "@std/assert";
import { SCHEMA_ID } from "../../../workloads/runner/document.ts";
import { SCHEMA_ID_1 } from "../../../workloads/runner/document_version_1.ts";
import { InputError } from "../../../workloads/runner/errors.ts";
import { parseRun, serialiseRun } from "../../../workloads/runner/run_file.ts";
import type { WarningCode } from "../../../workloads/runner/warning.ts";
import { VERSION_1 } from "./version_1.ts";

// deno-lint-ignore no-explicit-any
const old = (): any => JSON.parse(VERSION_1);

Deno.test("a run of version 1 is handed on as version 2, with all that it says", () => {
  const before = old();
  assertEquals(before.schema, SCHEMA_ID_1);
  const run = parseRun(VERSION_1, "old.json");
  assertEquals(run.schema, SCHEMA_ID);
  assertEquals(run.facilities, [
    { id: "anonymous-mapping", title: "Shared anonymous mapping" },
    { id: "my-ring", title: "My ring" },
  ]);
  const texts = (warnings: { text: string }[]) => warnings.map(({ text }) => text);
  assertEquals(texts(run.warnings), before.warnings);
  for (const [index, cell] of run.cells.entries()) {
    const { warnings, trials, ...rest } = before.cells[index];
    assertEquals(texts(cell.warnings), warnings);
    const { warnings: _, trials: read, ...same } = cell as typeof before;
    assertEquals(same, rest);
    for (const [at, { marks, ...trial }] of (read ?? []).entries()) {
      const { marks: said, ...others } = trials[at];
      assertEquals([trial, marks && texts(marks)], [others, said]);
    }
  }
  const { schema: _, facilities: __, cells: ___, warnings: ____, ...facts } = run;
  const { schema: _1, cells: _2, warnings: _3, ...known } = before;
  assertEquals(facts as unknown, known);
  assertEquals(parseRun(serialiseRun(run), "new.json"), run);
});

Deno.test("known texts of version 1 get their codes, others the code other", () => {
  const rows: [WarningCode, string][] = [
    [
      "budget-ended",
      "the budget of 60 s ended in round 4 of 6; raise --budget or name fewer cells",
    ],
    ["left-behind", "something is left in /tmp/ipc-taxonomy-1: deno task clean"],
    ["trial-lost", "a trial of pipe was lost: the initiator was killed by SIGKILL"],
    ["trial-lost", "a trial of control rows was lost: it said\nno more"],
    ["trial-ended-early", "a trial of tcp ended early: the peer has ended"],
    [
      "not-settled",
      "12 of 357 cells did not settle to ±2 % within the budget of 60 s: raise --budget for " +
      "narrower intervals",
    ],
    [
      "wide-intervals",
      "9 of 357 cells have an interval of more than ±10 %, the widest a (±50 %): quieten the machine",
    ],
    [
      "machine-states",
      "the machine switched between 2 states, by what its controls took: clock 16 ns (75 % of trials)",
    ],
    ["steal", "the hypervisor took 10 % of CPU 0"],
    ["steal", "the hypervisor took part of CPU 0 during 3 of 6 trials: see deno task doctor"],
    ["quota-ran-out", "the CPU quota ran out 4 times, for 0.250 s in all"],
    ["other-processes", "other processes used 31 % of a CPU"],
    ["other-processes", "other processes used CPU 0-1 during 5 of 6 trials, up to 31 % of a CPU"],
    ["controls-differ", "the controls before and after it differ"],
    ["compiled-while-timed", "its code was compiled anew while it was timed"],
    ["remark", "opened through /proc/PID/map_files, with privileges"],
    ["few-trials", "only 3 trials: the interval does not reach 95 %; raise --budget"],
    ["wide-interval", "the interval is ±31 %: quieten the machine or raise --budget"],
    [
      "disturbed-trials",
      "4 of 6 trials were disturbed (such as: the CPU quota ran out 4 times, for 0.250 s in all): " +
      "see deno task doctor, and measure again",
    ],
    ["disturbed-trials", "the controls changed during 3 of 6 trials"],
    ["multimodal", "the trials fall into more than one group: measure again, longer"],
    ["drift", "the trials drift in one direction: let the machine settle and run again"],
    ["outliers", "2 of 10 trials lie far out; none was dropped"],
    ["rate-not-reached", "the rate that was reached is 900 of 1000 messages a second: the latency"],
    ["short-batch", "a batch of 900 ns is under 100 steps of the clock"],
    ["other", "what nobody ever wrote"],
    ["other", ""],
  ];
  const run = old();
  run.warnings = rows.map(([, text]) => text);
  run.cells[0].warnings = run.warnings;
  run.cells[0].trials[0].marks = run.warnings;
  const read = parseRun(JSON.stringify(run), "old.json");
  const expected = rows.map(([code, text]) => ({ code, text }));
  assertEquals(read.warnings, expected);
  const [cell] = read.cells;
  assert(cell?.status === "measured");
  assertEquals([cell.warnings, cell.trials[0]!.marks], [expected, expected]);
});

Deno.test("what is wrong in a run of version 1 is refused, and named", () => {
  // deno-lint-ignore no-explicit-any
  const rows: [(run: any) => void, string][] = [
    [(run) => delete run.cells, "cells is missing"],
    [(run) => run.cells = { length: 1 }, "cells is Object, expected Array"],
    [(run) => run.cells[0] = null, "cells.0 is null, expected Object"],
    [(run) => run.cells[0].trials = 5, "cells.0.trials is 5, expected Array"],
    [(run) => run.cells[0].warnings = "none", 'cells.0.warnings is "none", expected Array'],
    [(run) => run.cells[0].warnings = [1], "cells.0.warnings.0 is 1, expected Object"],
    [(run) => delete run.warnings, "warnings is missing"],
    [(run) => run.claims = null, "claims is null, expected Array"],
  ];
  for (const [change, reason] of rows) {
    const run = old();
    change(run);
    const error = assertThrows(() => parseRun(JSON.stringify(run), "old.json"), InputError);
    assertEquals(error.message, `Cannot read old.json as a run: ${reason}`);
  }
});
