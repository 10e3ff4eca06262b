/**
 * `advise`: which facility to use, from measured cells and proved claims.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { advise as answerTo, type Answer, toMeasure } from "../reports/advise/answer.ts";
import { basisOf, withObstacles, withVerdicts } from "../reports/advise/basis.ts";
import { declarations } from "../reports/advise/declare.ts";
import {
  contradiction,
  DEFAULT_PATTERN,
  type Need,
  NEED_IDS,
  NEEDS,
  PATTERN_IDS,
  type PatternId,
  type Requirements,
  requirementsOf,
} from "../reports/advise/requirements.ts";
import { answerText } from "../reports/advise/text.ts";
import { defaultStore, openStore, storeUrl } from "../reports/history/open_store.ts";
import { moment } from "../reports/html/model/format.ts";
import type { ClaimVerdict, RunDocument } from "../workloads/runner/document.ts";
import { InputError } from "../workloads/runner/errors.ts";
import { shown } from "../workloads/runner/foreign_text.ts";
import { readHost } from "../workloads/runner/host.ts";
import { PLACEMENT_CLASSES } from "../workloads/runner/placement.ts";
import { claimsToTry, measureFor, prove } from "./advise/on_the_spot.ts";
import { seconds, sizes } from "./arguments.ts";
import { Interruption } from "./interruption.ts";
import { Output } from "./output.ts";
import { storeOption } from "./store_option.ts";
import { givenRun } from "./stored_run.ts";
import { columns } from "./terminal.ts";

/** Identifies the format of the JSON and its version. */
export const ADVICE_SCHEMA_ID = "ipc-taxonomy/advice/1";

/** What `--json` writes. */
export interface AdviceDocument extends Answer {
  readonly schema: typeof ADVICE_SCHEMA_ID;
  /** The run that the figures are of; null where there was none. */
  readonly run: {
    readonly id: string;
    readonly startedAt: string;
    readonly machineKey: string;
    /** Whether it was measured for this question. */
    readonly onTheSpot: boolean;
  } | null;
  /** Facilities that would do and were not measured yet. */
  readonly toMeasure: readonly string[];
}

type AdviseOptions = {
  pattern: PatternId;
  size?: number;
  rate?: number;
  cpuBudget?: number;
  placement?: string;
  budget: number;
  measure: boolean;
  store?: string;
  json?: string;
} & { [need: string]: unknown };

export function define(command: Command, exit: (code: number) => void): void {
  command
    .argument("[RUN]", "run file or stored run (default: this machine's newest)")
    .addOption(
      new Option("--pattern <NAME>", "how the participants work together")
        .choices([...PATTERN_IDS]).default(DEFAULT_PATTERN),
    )
    .option("--size <SIZE>", "bytes a message: 64, 4KiB (default: 64, of a stream 4KiB)", size);
  for (const [need, words] of NEEDS) command.option(`--${need}`, words);
  command
    .option("--rate <RATE>", "what it has to keep up with: 500/s, 10k/s", rate)
    .option("--cpu-budget <SHARE>", "of one CPU, for all participants, at that rate: 20%", share)
    .addOption(
      new Option("--placement <NAME>", "where the participants run (default: the run's usual)")
        .choices([...PLACEMENT_CLASSES]),
    )
    .addOption(
      new Option("--budget <TIME>", "to measure for where a cell is missing").argParser(seconds)
        .default(30, "30s"),
    )
    .option("--no-measure", "name what was not measured or proved yet instead of doing it");
  storeOption(command)
    .option("--json <FILE>", "the answer as JSON into FILE, - for stdout")
    .action(async (run: string | undefined, options: AdviseOptions) =>
      exit(await advise(run, options))
    );
}

async function advise(word: string | undefined, options: AdviseOptions): Promise<number> {
  const question = questionOf(options);
  const output = await Output.open(options.json);
  const stored = word ? await givenRun(word, options.store) : await newest(options.store);
  const machineKey = readHost().machineKey;
  const may = options.measure && (!stored || stored.host.machineKey === machineKey);
  const budget = may ? options.budget : 0;
  using interruption = new Interruption();
  const advice = await answer(question, stored, budget, interruption.signal);
  output.text(answerText(advice.answer, shown(advice.source), columns()));
  for (const note of notesOn(advice, options.measure)) output.text(`\n${note}`);
  const { run } = advice;
  await output.finish(
    {
      schema: ADVICE_SCHEMA_ID,
      run: run && {
        id: run.id,
        startedAt: run.startedAt,
        machineKey: run.host.machineKey,
        onTheSpot: advice.onTheSpot,
      },
      ...advice.answer,
      toMeasure: toMeasure(advice.answer),
    } satisfies AdviceDocument,
  );
  return interruption.exitCode ?? (advice.answer.ranked.length > 0 ? 0 : 3);
}

/** The answer, and where its figures are from. */
interface Advice {
  readonly answer: Answer;
  readonly run: RunDocument | null;
  readonly onTheSpot: boolean;
  readonly source: string;
}

/** With a budget of seconds to measure for, 0 where that may not be. */
async function answer(
  question: Requirements,
  stored: RunDocument | null,
  budget: number,
  signal: AbortSignal,
): Promise<Advice> {
  const facilities = await declarations(stored?.host.limits);
  const first = answerTo(question, facilities, basisOf(stored));
  // Figures of two runs are not to be ranked together: what lacks one is measured with all others.
  const lacking = toMeasure(first).length > 0 || first.ranked.some(({ sure }) => !sure);
  const fresh = budget > 0 && lacking
    ? await measureFor(question, admitted(first), first.slice?.placement, budget, signal)
    : null;
  const run = fresh?.run ?? stored;
  const verdicts: readonly ClaimVerdict[] = stored?.claims ?? [];
  const obstacles = fresh?.inapplicable ?? [];
  const basis = withObstacles(withVerdicts(basisOf(run), verdicts), obstacles);
  const second = answerTo(question, facilities, basis);
  const untried = budget > 0 ? claimsToTry(second, facilities) : [];
  const proved = untried.length > 0 ? await prove(untried, signal) : [];
  return {
    answer: proved.length > 0
      ? answerTo(question, facilities, withVerdicts(basis, [...verdicts, ...proved]))
      : second,
    run,
    onTheSpot: run !== stored,
    source: run ? sourceOf(run, run !== stored) : "nothing was measured",
  };
}

/** Whoever will do, whether there is a figure of it or not. */
function admitted({ ranked, unmeasured, excluded }: Answer): string[] {
  const measured = excluded.filter(({ cell }) => cell !== null);
  const possible = unmeasured.filter(({ reason }) => reason === null);
  return [...ranked, ...measured, ...possible].map(({ facility }) => facility);
}

function sourceOf({ id, startedAt }: RunDocument, onTheSpot: boolean): string {
  return onTheSpot ? "measured just now" : `run ${id}, ${moment(startedAt)}`;
}

/** How to have the figures at hand the next time. */
function notesOn({ answer, run, onTheSpot }: Advice, measure: boolean): string[] {
  const missing = toMeasure(answer).length > 0;
  const { workload, question: { sizeBytes } } = answer;
  const size = sizeBytes === undefined ? "" : ` --size ${sizeBytes}`;
  const command = `deno task bench --workload ${workload}${size}`;
  if (onTheSpot) return [`These figures were not kept; to keep such: ${command}`];
  if (!missing) return [];
  if (measure && run) return ["That run is of another machine: measure the rest there."];
  return [`To measure it: ${command}`];
}

function questionOf(options: AdviseOptions): Requirements {
  const needs = NEED_IDS.filter((need) => options[camel(need)] === true);
  const { pattern, size: sizeBytes, rate: perSecond, cpuBudget: cpuShare, placement } = options;
  const asked = { pattern, needs, sizeBytes, perSecond, cpuShare, placement };
  const wrong = contradiction(asked);
  if (wrong) throw new InputError(wrong);
  return requirementsOf(asked);
}

function camel(need: Need): string {
  return need.replace(/-[a-z]/g, (text) => text[1]!.toUpperCase());
}

/** This machine's newest run; null where it has none. */
async function newest(option: string | undefined): Promise<RunDocument | null> {
  const url = storeUrl(option);
  if (url === defaultStore() && !await isThere(url)) return null;
  await using store = await openStore(url, { create: false });
  return await store.latest({ machineKey: readHost().machineKey });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function size(text: string): number {
  const [first, ...others] = sizes(text);
  if (others.length > 0) throw new InvalidArgumentError("Give one size.");
  return first!;
}

/** Operations a second of `500/s`, `10k/s`, `2M/s`. */
function rate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kM]?)(?:\/s)?$/.exec(text);
  const value = match ? Number(match[1]) * { "": 1, k: 1e3, M: 1e6 }[match[2]!]! : NaN;
  if (!(value > 0 && value <= 1e12)) {
    throw new InvalidArgumentError(`"${text}" is no rate: give for example 500/s, 10k/s or 2M/s.`);
  }
  return value;
}

/** A share of one CPU out of `20%` or `150%`. */
function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  const value = match ? Number(match[1]) / 100 : NaN;
  if (!(value > 0 && value <= 100)) {
    throw new InvalidArgumentError(`"${text}" is no share of a CPU: give for example 20% or 150%.`);
  }
  return value;
}
