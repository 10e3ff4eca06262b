/**
 * Run documents as text and as files: read with one-line errors, written only when they are right.
 *
 * @module
 */
import * as v from "valibot";
import { type RunDocument, RunSchema, SCHEMA_ID } from "./document.ts";
import { SCHEMA_ID_1, upgraded } from "./document_version_1.ts";
import { InputError, reasonOf, SuiteError } from "./errors.ts";
import { jsonText, shortened } from "./foreign_text.ts";

/** Longest piece of somebody's file that an error repeats. */
const QUOTED = 60;

/** No run is nested half as deep; a value that is a thousand times deeper cannot be written again. */
const DEEPEST = 32;

/**
 * Reads a run document from a file.
 *
 * @throws {InputError} the file cannot be read, or holds no run document
 */
export async function readRun(path: string): Promise<RunDocument> {
  return parseRun(await readInput(path, "a run"), path);
}

/**
 * Reads a text file that the user named; `as` says what it should hold.
 *
 * @throws {InputError} the file cannot be read
 */
export async function readInput(path: string, as: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new InputError(`Cannot read ${path} as ${as}: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * Reads a run document from JSON; one of version 1 comes back as version 2.
 *
 * @param from where the text comes from, for the error
 * @throws {InputError} the text is not JSON, cut off, of another schema version, or has a wrong
 * field, which is named with what it holds
 */
export function parseRun(text: string, from: string): RunDocument {
  const refuse = (reason: string, cause?: unknown) =>
    new InputError(`Cannot read ${from} as a run: ${reason}`, { cause });
  const json = text.replace(/^\uFEFF/, "").trimEnd();
  if (json === "") throw refuse("it is empty");
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw refuse(isCutOff(json, cause) ? "it is cut off" : "it is not JSON", cause);
  }
  const schema = isRecord(value) ? value.schema : undefined;
  if (schema !== SCHEMA_ID && schema !== SCHEMA_ID_1) {
    throw refuse(
      typeof schema === "string" && schema.startsWith("ipc-taxonomy/run/")
        ? `its schema is ${quoted(schema)}, this version reads ${quoted(SCHEMA_ID)} and ` +
          quoted(SCHEMA_ID_1)
        : `it is no run document, whose schema would be ${quoted(SCHEMA_ID)}`,
    );
  }
  if (isDeeper(value, DEEPEST)) throw refuse(`it is nested deeper than ${DEEPEST} levels`);
  const run = schema === SCHEMA_ID_1 ? upgraded(value as Record<string, unknown>) : value;
  const fault = faultOf(run);
  if (fault !== null) throw refuse(fault);
  return run as RunDocument;
}

/**
 * The run as JSON text that ends with a line feed.
 *
 * @throws {SuiteError} the run is not as the schema says
 */
export function serialiseRun(run: RunDocument): string {
  const fault = faultOf(run);
  if (fault !== null) throw new SuiteError(`Cannot write the run ${run.id}: ${fault}`);
  return jsonText(run, 2) + "\n";
}

/** What is wrong with a value as a run document, or null. */
function faultOf(value: unknown): string | null {
  const result = v.safeParse(RunSchema, value, { abortEarly: true });
  if (!result.success) return describe(result.issues[0]);
  const ids = new Set<string>();
  for (const [index, { id }] of result.output.cells.entries()) {
    if (ids.has(id)) return `cells.${index}.id: ${quoted(id)} is there twice`;
    ids.add(id);
  }
  return inconsistency(result.output);
}

/** What fields say of each other that cannot be, or null. */
function inconsistency({ cells, states, claims }: RunDocument): string | null {
  for (const [index, cell] of cells.entries()) {
    if (cell.status !== "measured") continue;
    const at = cell.trials.findIndex(({ state }) =>
      state !== undefined && state >= (states?.length ?? 0)
    );
    if (at >= 0) {
      const { state } = cell.trials[at]!;
      return `cells.${index}.trials.${at}.state is ${state}, expected an index into states`;
    }
  }
  const mute = claims.findIndex(({ verdict, reason }) => verdict === "unknown" && !reason);
  return mute < 0 ? null : `claims.${mute}.reason is missing, which is unknown`;
}

/** What is wrong with a run as a document of its version, or null. */
export function faultIn(run: RunDocument): string | null {
  const { schema }: { schema: string } = run;
  return faultOf(schema === SCHEMA_ID_1 ? upgraded(structuredClone(run)) : run);
}

/** Checks that valibot explains in a sentence only. */
const EXPECTED: Record<string, string> = {
  integer: "a whole number",
  iso_timestamp: "a time such as 2026-01-02T03:04:05Z",
  finite: "a finite number",
};

function describe(issue: v.BaseIssue<unknown>): string {
  const keys = issue.path?.map(({ key }) => String(key)).join(".");
  const path = shortened(keys ?? "the whole", QUOTED);
  if (issue.received === "undefined") return `${path} is missing`;
  const expected = EXPECTED[issue.type] ?? issue.expected ?? issue.message;
  if (Array.isArray(issue.input) && issue.type === "check") {
    return `${path} is [${shortened(issue.input.join(", "), QUOTED)}], expected ${expected}`;
  }
  return `${path} is ${shortened(issue.received, QUOTED)}, expected ${shortened(expected, QUOTED)}`;
}

/** Whether JSON is right as far as it goes; V8 then complains about the very end. */
function isCutOff(json: string, cause: unknown): boolean {
  if (!/^[{[]/.test(json) || !(cause instanceof SyntaxError)) return false;
  if (/Unexpected end/.test(cause.message)) return true;
  const position = /at position (\d+)/.exec(cause.message)?.[1];
  return position !== undefined && Number(position) >= json.length;
}

/** Whether a value has more levels than so many; without recursion, which would have a limit itself. */
function isDeeper(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((each) => isRecord(each) ? Object.values(each) : []);
  }
  return false;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function quoted(text: string): string {
  return JSON.stringify(shortened(text, QUOTED));
}
