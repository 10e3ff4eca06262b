import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormatsTo, { type FormatsPlugin } from "ajv-formats";
import { InputError } from "../../../workloads/runner/errors.ts";
import { parseRun, serialiseRun } from "../../../workloads/runner/run_file.ts";
import { fullRun } from "../../fuzz/runs.ts";
import { VERSION_1 } from "./version_1.ts";
import { publishedSchema, SCHEMA_PATH } from "../../../workloads/runner/publish_schema.ts";

Deno.test("the published schema is the one that runs are checked by; deno task schema renews it", () => {
  const path = new URL(`../../../${SCHEMA_PATH}`, import.meta.url);
  assertEquals(Deno.readTextFileSync(path), publishedSchema());
});

Deno.test("the published schema names every field that a run must have", () => {
  const schema = JSON.parse(publishedSchema());
  assertEquals(schema.properties.schema, { const: "ipc-taxonomy/run/2" });
  // Only a machine that had several has states, and only an emulator another clock.
  const required = [...schema.required, "states", "clock"].toSorted();
  assertEquals(required, Object.keys(schema.properties).toSorted());
  const [measured] = schema.properties.cells.items.anyOf ?? schema.properties.cells.items.oneOf;
  assertEquals(measured.properties.status, { const: "measured" });
  assertEquals(measured.required.includes("histogram"), false);
});

// The package is CommonJS, which TypeScript takes for its own default.
const addFormats = addFormatsTo as unknown as FormatsPlugin;

/** As strict as a user's validator may be: what it would ignore is an error. */
const validator = new Ajv2020({ strict: true, allErrors: false, validateFormats: true });
addFormats(validator);

// deno-lint-ignore no-explicit-any
type Loose = any;

/** What the two say of a run with a change: the validator by the published schema, and the reader. */
function verdicts(change: (run: Loose) => void): [schema: boolean, reader: boolean] {
  const run: Loose = fullRun("a-run");
  change(run);
  let read = true;
  try {
    parseRun(JSON.stringify(run), "run.json");
  } catch (error) {
    assert(error instanceof InputError, `${error}`);
    read = false;
  }
  return [validate(JSON.parse(JSON.stringify(run))), read];
}

const validate = validator.compile(JSON.parse(publishedSchema()));

Deno.test("a strict validator takes the published schema, and by it what the suite writes", () => {
  assertEquals(JSON.parse(publishedSchema()).$id, "urn:ipc-taxonomy:run:2");
  for (const run of [fullRun("a-run"), parseRun(VERSION_1, "old.json")]) {
    assert(validate(JSON.parse(serialiseRun(run))), JSON.stringify(validate.errors));
  }
});

Deno.test("what a run cannot hold, the published schema and the reader refuse alike", () => {
  const rows: [string, (run: Loose) => void][] = [
    ["a negative estimate", (run) => run.cells[0].estimate = -1],
    ["a negative end of an interval", (run) => run.cells[0].ci95 = [-1, 1]],
    ["an interval of one", (run) => run.cells[0].ci95 = [1]],
    ["an interval of three", (run) => run.cells[0].ci95 = [1, 2, 3]],
    ["a raw figure below zero", (run) => run.cells[0].raw.estimate = -5],
    ["a trial's estimate below zero", (run) => run.cells[0].trials[0].estimate = -5],
    ["operations beyond what a number holds", (run) => run.cells[0].trials[0].operations = 1e300],
    ["a CPU below -1", (run) => run.cells[0].trials[0].cpus = [-2]],
    ["a control of one reading", (run) => run.cells[0].trials[0].controls.clockNs = [1]],
    ["a control below zero", (run) => run.cells[0].trials[0].controls.clockNs = [-1, 1]],
    ["a fairness above 1", (run) => run.cells[0].fairness = 1.5],
    ["a method 0", (run) => run.cells[0].method = 0],
    ["a capacity of half a byte", (run) => run.cells[0].capacityBytes = 0.5],
    ["a warning without a code", (run) => delete run.warnings[0].code],
    ["a code in capitals", (run) => run.warnings[0].code = "OTHER"],
    ["a code of 61 letters", (run) => run.warnings[0].code = "x".repeat(61)],
    ["a mark that is a text", (run) => run.cells[0].trials[0].marks = ["steal"]],
    ["a facility without a title", (run) => delete run.facilities[0].title],
    ["no facilities", (run) => delete run.facilities],
    ["a verdict that is none", (run) => run.claims[0].verdict = "perhaps"],
    ["a load of four averages", (run) => run.host.loadAverage.push(1)],
    ["a clock that is none", (run) => run.clock = "sundial"],
    ["a start that is no time", (run) => run.startedAt = "yesterday"],
    ["another version", (run) => run.schema = "ipc-taxonomy/run/3"],
  ];
  assertEquals(verdicts(() => {}), [true, true]);
  for (const [what, change] of rows) assertEquals(verdicts(change), [false, false], what);
});

Deno.test("what JSON Schema cannot say, the reader refuses all the same", () => {
  const rows: [string, (run: Loose) => void][] = [
    ["an interval from high to low", (run) => run.cells[0].ci95 = [2, 1]],
    ["a raw interval from high to low", (run) => run.cells[0].raw.ci95 = [2, 1]],
    ["two cells of one id", (run) => run.cells[1].id = run.cells[0].id],
    ["a state that is not listed", (run) => run.cells[0].trials[0].state = 2],
    ["unknown without a reason", (run) => run.claims[0].verdict = "unknown"],
  ];
  for (const [what, change] of rows) assertEquals(verdicts(change), [true, false], what);
});

Deno.test("version 1 stays published as it was", async () => {
  const text = await Deno.readTextFile(new URL("../../../schema/run-1.json", import.meta.url));
  const lenient = new Ajv2020({ strict: false });
  addFormats(lenient);
  const validate = lenient.compile(JSON.parse(text));
  assert(validate(JSON.parse(VERSION_1)), JSON.stringify(validate.errors));
  const now = serialiseRun(parseRun(VERSION_1, "old.json"));
  assert(!validate(JSON.parse(now)), "version 2 passes for version 1");
});
