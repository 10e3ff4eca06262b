/**
 * `check`: a candidate run against a baseline; the regression gate.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { requireSameMachine } from "../reports/check/comparable.ts";
import type { CheckDocument } from "../reports/check/document.ts";
import { githubAnnotations } from "../reports/check/github.ts";
import { checkJunit } from "../reports/check/junit.ts";
import { checkMarkdown } from "../reports/check/markdown.ts";
import { awakeHint, measuredIds, runCheck } from "../reports/check/run_check.ts";
import { selectFrom, selectFromBaseline } from "../reports/check/selection.ts";
import { checkText } from "../reports/check/text.ts";
import { MOST_LOST } from "../reports/check/verdict.ts";
import { Keeper } from "../reports/history/keeper.ts";
import { budgetDoubt } from "../workloads/runner/budget.ts";
import { between, type Disturbance, takeSnapshot } from "../workloads/runner/disturbance.ts";
import type { RunDocument } from "../workloads/runner/document.ts";
import { NotComparableError, reasonOf, SuiteError, UserError } from "../workloads/runner/errors.ts";
import { readHost } from "../workloads/runner/host.ts";
import { limitPlan } from "../workloads/runner/limit_plan.ts";
import { makePlan } from "../workloads/runner/plan.ts";
import { measure, type RunOptions } from "../workloads/runner/run.ts";
import { writeWhole } from "../workloads/runner/write_whole.ts";
import { whole } from "./arguments.ts";
import { type BenchOptions, measuringOptions } from "./bench.ts";
import { type Baselines, findBaseline } from "./check/baseline.ts";
import { selectionOf } from "./check/selection.ts";
import {
  delays,
  type Part,
  PARTS,
  parts,
  refuseWithSelfTest,
  selfTest,
} from "./check/self_test.ts";
import { environment } from "./environment.ts";
import { Interruption } from "./interruption.ts";
import { Output } from "./output.ts";
import { ProgressLine } from "./progress.ts";
import { inputLike } from "./repeat_plan.ts";
import { complain } from "./standard_streams.ts";
import { storeOption } from "./store_option.ts";
import { givenRun } from "./stored_run.ts";
import { SUMMARY_VARIABLE } from "./task/permissions.ts";
import { VERSION } from "./version.ts";

interface CheckOptions extends BenchOptions {
  baseline?: string;
  candidate?: string;
  threshold: number;
  confirm: boolean;
  selfTest?: true | readonly Part[];
  checks: number;
  repeats: number;
  delays: readonly number[];
  store?: string;
  keep: boolean;
  markdown?: string;
  junit?: string;
}

const COVERAGE = `
Cells of the baseline that the candidate did not measure are not judged. Where they are more than
${
  MOST_LOST * 100
} % of the baseline's cells, the check is inconclusive (exit code 3). --facility, --workload, --size,
--placement, --participants and --wait select the cells that count, of both sides.`;

export function define(command: Command, exit: (code: number) => void): void {
  command
    .option("--baseline <NAME>", "a baseline's name, a stored run or a run file; else the latest")
    .option("--candidate <RUN>", "a run file or a stored run; measured now when absent")
    .addOption(
      new Option("--threshold <SHARE>", "a cell may become slower by this, at most 100%")
        .argParser(threshold).default(0.1, "10%"),
    )
    .option("--no-confirm", "do not measure suspects again")
    .option(
      "--self-test [PARTS]",
      `test the check itself on this machine: ${PARTS.join(", ")}`,
      parts,
    )
    .option("--checks <N>", "of the unchanged machine, in the self-test", whole(1, 100_000), 40)
    .option("--repeats <N>", "of each planted delay, in the self-test", whole(1, 10_000), 20)
    .addOption(
      new Option("--delays <LIST>", "to plant: 5%,15%").argParser(delays)
        .default([0.05, 0.1, 0.15, 0.2, 0.5], "5%,10%,15%,20%,50%"),
    );
  storeOption(measuringOptions(command), "where runs and baselines are kept")
    .option("--label <TEXT>", "a note kept with the run that is measured")
    .option("--no-keep", "do not keep the run that is measured")
    .option("--markdown <FILE>", "the outcome as Markdown into FILE")
    .option("--junit <FILE>", "the outcome as JUnit XML into FILE")
    .option("--json <FILE>", "the outcome as JSON into FILE, - for stdout")
    .addHelpText("after", COVERAGE)
    .action(async (options: CheckOptions) => {
      // The profile's default is the baseline's.
      const given = command.getOptionValueSource("profile") === "default"
        ? { ...options, profile: undefined }
        : options;
      exit(options.selfTest ? await testItself(options, given) : await check(options, given));
    });
}

async function testItself(options: CheckOptions, given: Partial<BenchOptions>): Promise<number> {
  refuseWithSelfTest({ ...options });
  const output = await Output.open(options.json);
  using interruption = new Interruption();
  const { facility, workload, size, placement, participants, wait, awake, trials } = given;
  const { budget, seed } = given;
  return await selfTest(
    { ...options, selfTest: options.selfTest! },
    {
      ...{ facility, workload, size, placement, participants, wait, awake, trials },
      ...{ budget, seed },
    },
    interruption,
    output,
  );
}

/** A share such as `10%`: what a cell may become slower by, not how slow it may be. */
function threshold(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  const value = match ? Number(match[1]) / 100 : NaN;
  if (!(value > 0)) {
    throw new InvalidArgumentError(`"${text}" is no share: give for example 10% or 2.5%.`);
  }
  if (value <= 1) return value;
  const number = (each: number) => Number(each.toPrecision(6));
  throw new InvalidArgumentError(
    `${text} would pass a cell that takes ${number(1 + value)} times as long as in the baseline; ` +
      `to pass what takes ${text} of the baseline's time, give ${number((value - 1) * 100)}% ` +
      "(at most 100%).",
  );
}

async function check(options: CheckOptions, given: Partial<BenchOptions>): Promise<number> {
  const output = await Output.open(options.json, options.markdown, options.junit);
  const baselines: Baselines = { word: options.baseline, store: options.store };
  using interruption = new Interruption();
  const session = new Session(options, given, interruption);
  const checked = options.candidate === undefined
    ? await session.measured(baselines)
    : await session.finished(baselines, await givenRun(options.candidate, options.store));
  if (checked === null) output.text("interrupted: nothing was judged");
  else await publish(checked, options, output);
  const exitCode = checked === null ? interruption.exitCode! : checked.exitCode;
  const { unsaved } = session;
  if (unsaved === null) return exitCode;
  // What was found out weighs more.
  if (exitCode === 0 || !(unsaved instanceof UserError)) throw unsaved;
  complain(unsaved.message);
  return exitCode;
}

/** The parts of a check that share its options. */
class Session {
  /** Why the store did not take what was measured; it is judged all the same. */
  unsaved: unknown = null;

  constructor(
    readonly options: CheckOptions,
    readonly given: Partial<BenchOptions>,
    readonly interruption: Interruption,
  ) {}

  /** Measures a candidate and judges it; null when interrupted. */
  async measured(baselines: Baselines): Promise<CheckDocument | null> {
    const host = readHost();
    const { name, runs: all } = await findBaseline(baselines, host.machineKey);
    requireSameMachine(all, { host, id: "this machine" });
    const runs = selectFromBaseline(all, await selectionOf(this.given, host.topology));
    const options = await this.#runOptions(runs.at(-1)!, measuredIds(runs));
    const doubt = budgetDoubt(options.plan, options.settings);
    if (doubt !== null) complain(doubt);
    const keeper = this.options.keep ? await Keeper.prepare(this.options.store) : null;
    const before = takeSnapshot();
    const candidate = await this.#measure(options);
    const disturbance = between(before, takeSnapshot());
    await keeper?.add(candidate, this.interruption.signal)
      .catch((error: unknown) => this.unsaved = error);
    if (this.interruption.exitCode !== null) return null;
    return await this.#judged(name, runs, candidate, options, disturbance);
  }

  /** Judges a run that is there; suspects are measured again where that is possible. */
  async finished(baselines: Baselines, candidate: RunDocument): Promise<CheckDocument | null> {
    const { name, runs: all } = await findBaseline(baselines, candidate.host.machineKey);
    requireSameMachine(all, candidate);
    const selection = await selectionOf(this.given, candidate.host.topology);
    const runs = selectFromBaseline(all, selection);
    const host = readHost();
    const here = host.machineKey === candidate.host.machineKey &&
      host.hostname === candidate.host.hostname;
    const options = this.options.confirm && here ? await this.#repeatable(candidate, runs) : null;
    return await this.#judged(name, runs, selectFrom(candidate, selection), options, null);
  }

  /** How to measure a finished run's cells again; null where this suite cannot. */
  async #repeatable(
    candidate: RunDocument,
    baseline: readonly RunDocument[],
  ): Promise<RunOptions | null> {
    try {
      return await this.#runOptions(candidate, measuredIds(baseline));
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }

  /** How to measure the cells of a run that the baseline has too. */
  async #runOptions(like: RunDocument, ids: ReadonlySet<string>): Promise<RunOptions> {
    const { facility, workload, size, placement, participants, wait, awake, trials } = this.given;
    const { budget, seed, profile } = this.given;
    const input = await inputLike(like, {
      ...{ facility, workload, size, placement, participants, wait, awake, trials },
      ...{ budget, seed, profile },
    });
    const plan = limitPlan(await makePlan(input), (id) => ids.has(id));
    if (!plan.visits.some(({ facility }) => facility !== null)) {
      const example = [...ids][0] ?? "none at all";
      throw new NotComparableError(
        "Nothing that would be measured now is in the baseline, whose cells are such as " +
          `${example}${awakeHint(like, input.settings.awake)}`,
      );
    }
    return {
      plan,
      settings: input.settings,
      host: readHost(),
      label: this.options.label ?? null,
      version: VERSION,
      temporary: environment("TMPDIR") ?? "/tmp",
      signal: this.interruption.signal,
    };
  }

  async #measure(options: RunOptions): Promise<RunDocument> {
    using progress = new ProgressLine();
    return await measure({ ...options, onProgress: (state) => progress.show(state) });
  }

  async #judged(
    baselineName: string | null,
    baseline: readonly RunDocument[],
    candidate: RunDocument,
    again: RunOptions | null,
    disturbance: Disturbance | null,
  ): Promise<CheckDocument | null> {
    using progress = new ProgressLine();
    return await runCheck({
      baselineName,
      baseline,
      candidate,
      disturbance,
      threshold: this.options.threshold,
      again: this.options.confirm && again
        ? { ...again, onProgress: (state) => progress.show(state) }
        : null,
    });
  }
}

async function publish(
  document: CheckDocument,
  { markdown, junit }: CheckOptions,
  output: Output,
): Promise<void> {
  await output.attempt(() => output.text(checkText(document)));
  if (markdown) await output.attempt(() => writeWhole(markdown, checkMarkdown(document)));
  if (junit) await output.attempt(() => writeWhole(junit, checkJunit(document)));
  if (environment("GITHUB_ACTIONS") === "true") {
    await output.attempt(() =>
      githubAnnotations(document).forEach((line) => output.workflowCommand(line))
    );
    const summary = environment(SUMMARY_VARIABLE);
    if (summary) await output.attempt(() => append(summary, checkMarkdown(document)));
  }
  await output.finishVerdict(document);
}

/** @throws {SuiteError} */
async function append(path: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { append: true });
  } catch (cause) {
    throw new SuiteError(`Cannot append to ${SUMMARY_VARIABLE}, ${path}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
