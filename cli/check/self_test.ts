/**
 * `check --self-test`: how often the check is wrong on this machine, and what it finds.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";
import type { Bench } from "../../reports/check/self_test/bench.ts";
import { type SelfTestDocument, selfTestText } from "../../reports/check/self_test/document.ts";
import { testDrift } from "../../reports/check/self_test/drift.ts";
import { testPlanted } from "../../reports/check/self_test/planted.ts";
import { testUnchanged } from "../../reports/check/self_test/unchanged.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { printable } from "../../workloads/runner/foreign_text.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { makePlan } from "../../workloads/runner/plan.ts";
import { list } from "../arguments.ts";
import { type BenchOptions, planInput } from "../bench.ts";
import { environment } from "../environment.ts";
import type { Interruption } from "../interruption.ts";
import type { Output } from "../output.ts";
import { tell } from "../standard_streams.ts";
import { VERSION } from "../version.ts";

export const PARTS = ["unchanged", "planted", "drift"] as const;
export type Part = typeof PARTS[number];

export interface SelfTestOptions extends BenchOptions {
  selfTest: true | readonly Part[];
  checks: number;
  repeats: number;
  delays: readonly number[];
  threshold: number;
}

/** The parts to run, from a list of words. */
export function parts(text: string): Part[] {
  return list(text).map((word) => {
    const part = PARTS.find((each) => each === word);
    if (part) return part;
    throw new InvalidArgumentError(`"${word}" is no part: give some of ${PARTS.join(", ")}.`);
  });
}

/** Planted delays such as `5%,15%`, ascending. */
export function delays(text: string): number[] {
  return list(text).map((word) => {
    const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(word);
    const share = match ? Number(match[1]) / 100 : NaN;
    if (share > 0 && share <= 10) return share;
    throw new InvalidArgumentError(`"${word}" is no delay: give shares such as 5%,15%,50%.`);
  }).sort((a, b) => a - b);
}

/** Trials and seconds of a run of two cells, where the command line says nothing. */
const PLANTED = { trials: 20, budget: 15 };
/** Checks of each way to slow the machine down. */
const DRIFT_CHECKS = 3;

/** Runs the parts one after the other; what is done when interrupted is reported. */
export async function selfTest(
  options: SelfTestOptions,
  given: Partial<BenchOptions>,
  interruption: Interruption,
  output: Output,
): Promise<number> {
  const wanted = options.selfTest === true ? PARTS : options.selfTest;
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const host = readHost();
  const bench = (more: (sources?: readonly string[]) => Partial<BenchOptions>): Bench => ({
    threshold: options.threshold,
    say: (line) => tell(`${printable(line)}\n`),
    async runOptions(sources) {
      const input = await planInput({
        ...{ report: false, store: false, profile: options.profile, awake: true },
        ...present(given),
        ...present(more(sources)),
      });
      return {
        plan: await makePlan(input),
        settings: input.settings,
        host,
        label: "self-test",
        version: VERSION,
        temporary: environment("TMPDIR") ?? "/tmp",
        signal: interruption.signal,
      };
    },
  });
  const plain = bench(() => ({}));
  const small = bench((sources) => ({
    facility: sources && [...sources],
    workload: ["round-trip"],
    size: [64],
    wait: undefined,
    trials: given.trials ?? PLANTED.trials,
    budget: given.budget ?? PLANTED.budget,
  }));
  const run = async <T>(part: Part, work: () => Promise<T>): Promise<T | null> =>
    wanted.includes(part) && !interruption.signal.aborted ? await work() : null;
  const unchanged = await run("unchanged", () => testUnchanged(plain, options.checks));
  const planted = await run("planted", () => testPlanted(small, options.delays, options.repeats));
  const drift = await run("drift", () => testDrift(plain, DRIFT_CHECKS));
  const { machineKey, kernel, cpuModel, cpus, virtualization } = host;
  const document: SelfTestDocument = {
    schema: "ipc-taxonomy/self-test/1",
    startedAt,
    durationSeconds: (performance.now() - started) / 1000,
    complete: interruption.exitCode === null,
    host: { machineKey, kernel, cpuModel, cpus, virtualization },
    threshold: options.threshold,
    unchanged,
    planted,
    drift,
  };
  output.text(selfTestText(document));
  await output.finish(document);
  return interruption.exitCode ?? 0;
}

function present<T extends object>(options: T): T {
  const pairs = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(pairs) as T;
}

/** @throws {InputError} options that mean nothing for the self-test */
export function refuseWithSelfTest(options: Readonly<Record<string, unknown>>): void {
  for (const name of ["baseline", "candidate", "markdown", "junit"]) {
    if (options[name] === undefined) continue;
    throw new InputError(`--${name} means nothing with --self-test, which measures its own runs`);
  }
}
