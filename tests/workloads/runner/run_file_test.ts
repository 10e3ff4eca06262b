import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { InputError, SuiteError } from "../../../workloads/runner/errors.ts";
import { parseRun, readRun, serialiseRun } from "../../../workloads/runner/run_file.ts";
import { sampleRun } from "./sample_run.ts";

const run = sampleRun({ id: "2026-01-02-sample" });

/** The run as loose data in which a test may break anything. */
// deno-lint-ignore no-explicit-any
type Loose = any;

function broken(change: (run: Loose) => void): string {
  const copy = structuredClone(run) as Loose;
  change(copy);
  return JSON.stringify(copy);
}

function messageOf(text: string): string {
  const error = assertThrows(() => parseRun(text, "run.json"), InputError);
  assert(!error.message.includes("\n"), error.message);
  return error.message;
}

Deno.test("a run is the same after writing and reading", () => {
  const text = serialiseRun(run);
  assert(text.endsWith("}\n"));
  assertEquals(parseRun(text, "run.json"), run);
  assertEquals(parseRun(`\uFEFF${text}\r\n`, "run.json"), run);
});

Deno.test("what a newer minor version added is kept", () => {
  const text = broken((run) => run.host.added = { later: [1] });
  assertEquals((parseRun(text, "run.json") as Loose).host.added, { later: [1] });
});

Deno.test("text that is no JSON, empty, or something else is refused in one line", () => {
  const rows = [
    ["", "it is empty"],
    [" \n", "it is empty"],
    ["hello", "it is not JSON"],
    ["{'schema': 1}", "it is not JSON"],
    ['{"a":1}}', "it is not JSON"],
    ["[1, 2]", 'it is no run document, whose schema would be "ipc-taxonomy/run/2"'],
    ["null", 'it is no run document, whose schema would be "ipc-taxonomy/run/2"'],
    ["{}", 'it is no run document, whose schema would be "ipc-taxonomy/run/2"'],
    ['{"schema":"other/1"}', 'it is no run document, whose schema would be "ipc-taxonomy/run/2"'],
    [
      broken((run) => run.schema = "ipc-taxonomy/run/3"),
      'its schema is "ipc-taxonomy/run/3", this version reads "ipc-taxonomy/run/2" and ' +
      '"ipc-taxonomy/run/1"',
    ],
  ] as const;
  for (const [text, reason] of rows) {
    assertEquals(messageOf(text), `Cannot read run.json as a run: ${reason}`);
  }
});

Deno.test("a run cut off anywhere is said to be cut off", () => {
  for (const text of [serialiseRun(run), JSON.stringify(run)]) {
    const step = Math.ceil(text.length / 2_000);
    for (let length = 1; length < text.trimEnd().length; length += step) {
      const cut = text.slice(0, length);
      assertEquals(messageOf(cut), "Cannot read run.json as a run: it is cut off", cut.slice(-40));
    }
  }
});

Deno.test("a wrong field is named with what it holds", () => {
  const rows: [(run: Loose) => void, string][] = [
    [(run) => delete run.host, "host is missing"],
    [(run) => run.cells[1].estimate = "fast", 'cells.1.estimate is "fast", expected number'],
    [(run) => run.cells[1].ci95 = [1], "cells.1.ci95.1 is missing"],
    [(run) => run.cells[0].trials[2].seconds = -1, "cells.0.trials.2.seconds is -1, expected >=0"],
    [
      (run) => run.cells[0].trials[2].operations = 1.5,
      "cells.0.trials.2.operations is 1.5, expected a whole number",
    ],
    [
      (run) => run.cells[0].status = "guessed",
      'cells.0.status is "guessed", expected ("measured" | "not-applicable" | "failed")',
    ],
    [(run) => run.cells[4].reason = null, "cells.4.reason is null, expected string"],
    [
      (run) => run.settings.profile = "fast",
      'settings.profile is "fast", expected ("quick" | "standard" | "thorough")',
    ],
    [
      (run) => run.startedAt = "yesterday",
      'startedAt is "yesterday", expected a time such as 2026-01-02T03:04:05Z',
    ],
    [
      (run) => run.id = "../../etc/passwd",
      'id is "../../etc/passwd", expected /^[0-9A-Za-z][0-9A-Za-z._-]{3,127}$/',
    ],
    [(run) => run.claims = {}, "claims is Object, expected Array"],
    [(run) => run.host.mitigations["a\nb"] = 1, "host.mitigations.a\\nb is 1, expected string"],
    [(run) => run.label = 5, "label is 5, expected string"],
  ];
  for (const [change, reason] of rows) {
    assertEquals(messageOf(broken(change)), `Cannot read run.json as a run: ${reason}`);
  }
});

Deno.test("a run nested too deep to be written again is refused", () => {
  const depth = 20_000;
  const deep = `{"added":${"[".repeat(depth)}${"]".repeat(depth)},${JSON.stringify(run).slice(1)}`;
  assertEquals(
    messageOf(deep),
    "Cannot read run.json as a run: it is nested deeper than 32 levels",
  );
});

Deno.test("two cells of one name are refused", () => {
  const text = broken((run) => run.cells[1].id = run.cells[0].id);
  assertEquals(
    messageOf(text),
    'Cannot read run.json as a run: cells.1.id: "round-trip/pipe/1/same-cpu/process/2" is there twice',
  );
});

Deno.test("an error repeats only the beginning of a long value", () => {
  const message = messageOf(broken((run) => run.complete = "x".repeat(10_000)));
  assert(message.length < 200, message);
});

Deno.test("a run with a figure that is none is not written", () => {
  const wrong = structuredClone(run) as RunDocument;
  (wrong.cells[0] as Loose).estimate = NaN;
  const error = assertThrows(() => serialiseRun(wrong), SuiteError);
  assertEquals(
    error.message,
    "Cannot write the run 2026-01-02-sample: cells.0.estimate is NaN, expected number",
  );
});

Deno.test("a file that cannot be read is named with the reason", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/run.json`, serialiseRun(run));
    assertEquals(await readRun(`${folder}/run.json`), run);
    const rows = [
      [`${folder}/none.json`, "there is no such file"],
      [folder, "it is a folder"],
    ] as const;
    for (const [path, reason] of rows) {
      const error = await assertRejects(() => readRun(path), InputError);
      assertEquals(error.message, `Cannot read ${path} as a run: ${reason}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
