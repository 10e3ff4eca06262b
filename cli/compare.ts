/**
 * `compare`: runs side by side, or two ways to start the participants in turns.
 *
 * @module
 */
import type { Command } from "commander";
import { compareRuns } from "../reports/compare/compare.ts";
import { compareInterleaved, FEWEST_PAIRS } from "../reports/compare/interleaved.ts";
import { comparisonText, interleavedText } from "../reports/compare/words.ts";
import type { RunDocument } from "../workloads/runner/document.ts";
import { InputError } from "../workloads/runner/errors.ts";
import { interleave } from "../workloads/runner/interleave.ts";
import { makePlan } from "../workloads/runner/plan.ts";
import { writeWhole } from "../workloads/runner/write_whole.ts";
import { whole } from "./arguments.ts";
import { type BenchOptions, measuringOptions, planInput } from "./bench.ts";
import { compareFleet } from "./compare/fleet.ts";
import { launcherOf } from "./compare/launcher.ts";
import { environment } from "./environment.ts";
import { Interruption } from "./interruption.ts";
import { Output } from "./output.ts";
import { ProgressLine } from "./progress.ts";
import { storeOption } from "./store_option.ts";
import { givenRun } from "./stored_run.ts";
import { moment } from "./when.ts";

interface CompareOptions extends BenchOptions {
  all?: boolean;
  interleave?: boolean;
  a?: string;
  b?: string;
  store?: string;
  markdown?: string;
  by?: string;
  reference?: string;
  since?: Date;
  limit: number;
}

export function define(command: Command, exit: (code: number) => void): void {
  command
    .argument("[RUN...]", "run files or stored runs, two or more; the first is the reference")
    .option("--by <GROUP>", "stored runs by kernel, instance, runtime or cpu; names odd hosts")
    .option("--reference <NAME>", "with --by: the group to compare with; the largest when absent")
    .option("--since <WHEN>", "with --by: only runs since a date or within an age: 90d", moment)
    .option("--limit <N>", "with --by: the newest runs, so many", whole(1, 100_000), 1_000)
    .option("--all", "show the cells that do not differ significantly too")
    .option("--interleave", "measure two ways to start the participants in turns")
    .option("--a <PREFIX>", 'launch prefix of side A: "chrt -f 50", "", or a Deno binary')
    .option("--b <PREFIX>", "launch prefix of side B");
  storeOption(measuringOptions(command))
    .option("--markdown <FILE>", "the comparison as Markdown into FILE")
    .option("--json <FILE>", "the comparison as JSON into FILE, - for stdout")
    .action(async (runs: string[], options: CompareOptions) => {
      const { by } = options;
      if (by !== undefined) return exit(await compareFleet(runs, { ...options, by }));
      exit(
        options.interleave
          ? await compareLaunches(runs, options)
          : await compareFinished(runs, options),
      );
    });
}

async function compareFinished(words: readonly string[], options: CompareOptions): Promise<number> {
  if (options.a !== undefined || options.b !== undefined) {
    throw new InputError("--a and --b are launch prefixes for --interleave, which is missing");
  }
  if (words.length < 2) {
    throw new InputError("Give two runs or more, as files or ids: compare latest ./other.json");
  }
  const output = await Output.open(options.json, options.markdown);
  // One after the other: where one cannot be read, no other still has the store open.
  const runs: RunDocument[] = [];
  for (const word of words) runs.push(await givenRun(word, options.store));
  const document = compareRuns(runs);
  await publish(
    output,
    options,
    document,
    (asMarkdown) => comparisonText(document, { all: options.all ?? false, markdown: asMarkdown }),
  );
  return 0;
}

async function compareLaunches(words: readonly string[], options: CompareOptions): Promise<number> {
  const { a, b } = options;
  if (words.length > 0) throw new InputError("--interleave measures; it takes no finished runs");
  if (a === undefined || b === undefined) {
    throw new InputError('Give both launch prefixes: --interleave --a "chrt -f 50" --b ""');
  }
  const output = await Output.open(options.json, options.markdown);
  const input = await planInput(options);
  const plan = await makePlan(input);
  const launchers = { a: await launcherOf(a), b: await launcherOf(b) };
  const settings = { ...input.settings, trials: Math.max(FEWEST_PAIRS, input.settings.trials) };
  using interruption = new Interruption();
  using progress = new ProgressLine();
  const measured = await interleave({
    plan,
    settings,
    launchers,
    temporary: environment("TMPDIR") ?? "/tmp",
    onProgress: (state) => progress.show(state),
    signal: interruption.signal,
  });
  progress[Symbol.dispose]();
  const document = compareInterleaved(measured, a, b);
  await publish(
    output,
    options,
    document,
    (asMarkdown) => interleavedText(document, { all: options.all ?? false, markdown: asMarkdown }),
  );
  if (interruption.exitCode !== null) return interruption.exitCode;
  // Nothing to compare is no agreement.
  return document.cells.some(({ control }) => !control) ? 0 : 4;
}

async function publish(
  output: Output,
  { markdown }: CompareOptions,
  document: unknown,
  text: (asMarkdown: boolean) => string,
): Promise<void> {
  output.text(text(false));
  if (markdown) await output.attempt(() => writeWhole(markdown, text(true) + "\n"));
  await output.finish(document);
}
