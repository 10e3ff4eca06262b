/**
 * Two whole runs after each other: of how many cells the 95 % intervals overlap, and how far the time
 * left that each run announced was right. No test: it takes minutes, and its figures are the
 * machine's.
 *
 *     deno run -A tests/bench/two_runs.ts [options of bench]
 *
 * @module
 */
import { Command } from "commander";
import { type BenchOptions, measuringOptions, planInput } from "../../cli/bench.ts";
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { makePlan } from "../../workloads/runner/plan.ts";
import { measure } from "../../workloads/runner/run.ts";

/** How far an announced time may be off. */
const TOLERATED = 0.2;
/** Announcements in the last seconds are of no use to anybody. */
const LAST_SECONDS = 2;

interface Announced {
  readonly at: number;
  readonly secondsLeft: number;
}

async function runOnce(options: BenchOptions) {
  const input = await planInput(options);
  const announced: Announced[] = [];
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const temporary = await Deno.makeTempDir();
  const run = await measure({
    plan: await makePlan(input),
    settings: input.settings,
    host: readHost(),
    label: null,
    version: "two runs",
    temporary,
    onProgress: ({ secondsLeft }) => announced.push({ at: elapsed(), secondsLeft }),
  });
  const seconds = elapsed();
  await Deno.remove(temporary, { recursive: true });
  return { run, timely: timely(announced, seconds) };
}

/** Announcements, and how many of them were right within what is tolerated. */
function timely(announced: readonly Announced[], seconds: number): [right: number, all: number] {
  const judged = announced.filter(({ at }) => seconds - at > LAST_SECONDS);
  const right = judged.filter(({ at, secondsLeft }) =>
    Math.abs(secondsLeft - (seconds - at)) <= TOLERATED * (seconds - at)
  );
  return [right.length, judged.length];
}

function measuredOf({ cells }: RunDocument): Map<string, MeasuredCell> {
  return new Map(cells.flatMap((cell) => cell.status === "measured" ? [[cell.id, cell]] : []));
}

function overlap(a: MeasuredCell, b: MeasuredCell): boolean {
  return a.ci95[0] <= b.ci95[1] && b.ci95[0] <= a.ci95[1];
}

const share = (part: number, whole: number) =>
  `${part} of ${whole} (${(100 * part / whole).toFixed(1)} %)`;

if (import.meta.main) {
  const options = measuringOptions(new Command()).parse(Deno.args, { from: "user" })
    .opts<BenchOptions>();
  const first = await runOnce(options);
  const second = await runOnce(options);
  const [one, other] = [measuredOf(first.run), measuredOf(second.run)];
  const pairs = [...one].flatMap(([id, cell]) => other.has(id) ? [[cell, other.get(id)!]] : []);
  const apart = pairs.filter(([a, b]) => !overlap(a!, b!));
  console.log(`intervals that overlap: ${share(pairs.length - apart.length, pairs.length)}`);
  const trials = [first, second].map(({ run }) =>
    run.cells.flatMap((cell) => cell.status === "measured" ? [cell.trials.length] : [])
  );
  console.log(`trials a cell, least: ${trials.map((each) => Math.min(...each)).join(" and ")}`);
  for (const { run, timely: [right, all] } of [first, second]) {
    console.log(
      `${run.durationSeconds.toFixed(1)} s; time left within ${TOLERATED * 100} %: ` +
        share(right, all),
    );
  }
  const ratio = ([a, b]: MeasuredCell[]) => Math.abs(Math.log(b!.estimate / a!.estimate));
  for (const pair of apart.sort((a, b) => ratio(b) - ratio(a)).slice(0, 10)) {
    console.log(
      `  ${pair[0]!.id}: ${pair.map(({ ci95 }) => ci95.map(Math.round).join("–")).join(" / ")}`,
    );
  }
}
