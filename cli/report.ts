/**
 * `report`: HTML pages from stored runs or run files.
 *
 * @module
 */
import type { Command } from "commander";
import * as v from "valibot";
import { openStore } from "../reports/history/open_store.ts";
import type { Store } from "../reports/history/store.ts";
import { renderReport, writeSite } from "../reports/html/mod.ts";
import { resultPath } from "../reports/result_paths.ts";
import {
  ClaimVerdictSchema,
  FacilityTitlesSchema,
  type RunDocument,
} from "../workloads/runner/document.ts";
import { InputError } from "../workloads/runner/errors.ts";
import { FidelitySchema } from "../workloads/runner/fidelity_document.ts";
import { readInput, readRun } from "../workloads/runner/run_file.ts";
import { checkWritableFolder, makeFolder, writeWhole } from "../workloads/runner/write_whole.ts";
import { Interruption } from "./interruption.ts";
import { Output } from "./output.ts";
import { storeOption } from "./store_option.ts";
import { storedRun } from "./stored_run.ts";

/** So many of the newest stored runs make a site, unless runs are named. */
export const MOST = 1_000;

export interface ReportOptions {
  report: string;
  store?: string;
  singleFile?: boolean;
  title?: string;
  fidelity?: string;
  claims?: string;
  json?: string;
}

export function define(command: Command, exit: (code: number) => void): void {
  storeOption(command)
    .argument("[RUN...]", "run files, ids of stored runs, or latest; all stored runs when absent")
    .option("--report <DIR>", "where the pages are written", resultPath("report"))
    .option("--single-file", "one page for each run, that needs no other file")
    .option("--title <TEXT>", "what stands at the top")
    .option("--fidelity <FILE>", "adds a comparison with native code, as fidelity --json wrote it")
    .option("--claims <FILE>", "adds the verdicts of experiments, as claims --json wrote them")
    .option("--json <FILE>", "the paths written, as JSON, - for stdout")
    .action(async (given: string[], options: ReportOptions) => exit(await report(given, options)));
}

async function report(given: string[], options: ReportOptions): Promise<number> {
  const output = await Output.open(options.json);
  await checkWritableFolder(options.report);
  using interruption = new Interruption();
  const { signal } = interruption;
  try {
    const written = options.singleFile
      ? await writeSingleFiles(given, options, signal)
      : await writePages(given, options, signal);
    output.text(`Report: ${written[0]}`);
    await output.finish({ written });
    return 0;
  } catch (error) {
    if (interruption.exitCode === null || error !== signal.reason) throw error;
    output.text("interrupted: the pages are as they were");
    return interruption.exitCode;
  }
}

/**
 * Writes the site, and returns the paths of its files, the overview first.
 *
 * @throws the signal's reason, when it was given; what was there stays then
 */
export async function writePages(
  given: string[],
  options: ReportOptions,
  signal?: AbortSignal,
): Promise<string[]> {
  const fidelity = await read(options.fidelity, FIDELITY);
  const { claims, facilities } = await read(options.claims, CLAIMS) ?? {};
  const runs = given.length > 0 ? await runsOf(given, options.store) : stored(options.store);
  const { files } = await writeSite(runs, options.report, {
    title: options.title,
    fidelity,
    claims,
    facilities,
    signal,
  });
  return files.map((file) => `${options.report}/${file}`);
}

const FIDELITY = { as: "a comparison with native code", schema: FidelitySchema };
const CLAIMS = {
  as: "verdicts of experiments",
  schema: v.object({
    claims: v.array(ClaimVerdictSchema),
    /** Absent where an older suite wrote it. */
    facilities: v.optional(v.array(FacilityTitlesSchema)),
  }),
};

/** Reads what another command wrote. @throws {InputError} it cannot be read, or is something else */
async function read<T>(
  path: string | undefined,
  { as, schema }: { as: string; schema: v.GenericSchema<unknown, T> },
): Promise<T | undefined> {
  if (path === undefined) return undefined;
  const text = await readInput(path, as);
  const refuse = (reason: string) => new InputError(`Cannot read ${path} as ${as}: ${reason}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse("it is not JSON");
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw refuse(`${v.getDotPath(issue) ?? "the whole"} is not as its schema says`);
}

async function writeSingleFiles(
  given: string[],
  options: ReportOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const { report: folder, title } = options;
  const runs = await runsOf(given.length > 0 ? given : ["latest"], options.store);
  await makeFolder(folder);
  const written: string[] = [];
  for (const [index, run] of runs.entries()) {
    signal.throwIfAborted();
    const path = `${folder}/${index === 0 ? "index" : run.id}.html`;
    await writeWhole(path, renderReport(run, { title }));
    written.push(path);
  }
  return written;
}

/** The runs that words on the command line mean; the store is opened only where one is asked for. */
async function runsOf(words: string[], url?: string): Promise<RunDocument[]> {
  const isFile = (word: string) => word.includes("/") || word.endsWith(".json");
  await using store = words.every(isFile) ? null : await openStore(url, { create: false });
  const runs: RunDocument[] = [];
  for (const word of words) {
    runs.push(isFile(word) ? await readRun(word) : await storedRun(store!, word));
  }
  return runs;
}

/** The newest stored runs, one after the other, so that they need not be in memory at once. */
async function* stored(url?: string): AsyncGenerator<RunDocument> {
  await using store: Store = await openStore(url, { create: false });
  const listed = await store.list({ limit: MOST });
  if (listed.length === 0) {
    throw new InputError(`There is no run in ${store.url} yet; measure one with: deno task bench`);
  }
  for (const { id } of listed) {
    const run = await store.get(id);
    if (run) yield run;
  }
}
