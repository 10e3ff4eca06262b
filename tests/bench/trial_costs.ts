/**
 * What a trial costs beside its timed regions: each facility of a plan is visited by a few trials in
 * turn; prints for each of them how long it takes from starting the initiator to the first timed
 * operation, and how much of the whole is timed. No test: its figures are the machine's.
 *
 *     deno run -A tests/bench/trial_costs.ts [--trials 3] [--timed 3] [options of bench]
 *
 * @module
 */
import { Command } from "commander";
import { type BenchOptions, measuringOptions, planInput } from "../../cli/bench.ts";
import { currentSecond, now, setBaseSecond } from "../../facilities/libc/time.ts";
import { makePlan, type PlannedVisit } from "../../workloads/runner/plan.ts";
import { runTrial } from "../../workloads/runner/trial.ts";

interface Cost {
  readonly untilTimedMs: number;
  readonly timedMs: number;
  readonly wholeMs: number;
}

async function costOf(visit: PlannedVisit, folder: string, timedMs: number): Promise<Cost> {
  const cells = visit.cells.map(({ task, leastMs }) => ({
    ...task,
    targetNs: Math.round(Math.max(timedMs, leastMs) * 1e6),
  }));
  const baseSecond = currentSecond();
  setBaseSecond(baseSecond);
  const { facility, participants, count, setups } = visit;
  const started = now();
  const { results, ...end } = await runTrial(
    { facility, participants, count, setups, cells, folder, baseSecond },
    { deadlineMs: 120_000 },
  );
  const wholeMs = (now() - started) / 1e6;
  const measured = results.flatMap((each) => each.status === "measured" ? [each] : []);
  if (measured.length === 0) throw new Error(`nothing was measured: ${JSON.stringify(end)}`);
  return {
    untilTimedMs: (Math.min(...measured.map(({ startNs }) => startNs)) - started) / 1e6,
    timedMs: measured.reduce((sum, { seconds }) => sum + seconds * 1000, 0),
    wholeMs,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

if (import.meta.main) {
  const { trials, timed, ...options } = measuringOptions(new Command())
    .option("--timed <ms>", "how long each cell is timed", Number, 3)
    .parse(Deno.args, { from: "user" }).opts<BenchOptions & { timed: number }>();
  const { visits } = await makePlan(await planInput(options));
  const folder = await Deno.makeTempDir();
  const costs = new Map<PlannedVisit, Cost[]>(visits.map((visit) => [visit, []]));
  for (let trial = 0; trial < (trials ?? 3); trial++) {
    for (const [visit, seen] of costs) {
      seen.push(await costOf(visit, `${folder}/${trial}-${visits.indexOf(visit)}`, timed));
    }
  }
  await Deno.remove(folder, { recursive: true });

  const sums = { untilTimedMs: 0, timedMs: 0, wholeMs: 0 };
  const row = (name: string, cells: number, { untilTimedMs, timedMs, wholeMs }: Cost) =>
    console.log([
      name.padEnd(32),
      `${cells}`.padStart(4),
      ...[untilTimedMs, timedMs, wholeMs].map((ms) => ms.toFixed(0).padStart(8)),
      `${(100 * timedMs / wholeMs).toFixed(0)} %`.padStart(7),
      ((wholeMs - timedMs - untilTimedMs) / cells).toFixed(1).padStart(8),
    ].join(""));
  console.log("".padEnd(31), "cells  until   timed   whole  share  rest/cell, ms");
  for (const [{ facility, participants, cells }, seen] of costs) {
    const cost: Cost = {
      untilTimedMs: median(seen.map(({ untilTimedMs }) => untilTimedMs)),
      timedMs: median(seen.map(({ timedMs }) => timedMs)),
      wholeMs: median(seen.map(({ wholeMs }) => wholeMs)),
    };
    for (const each of ["untilTimedMs", "timedMs", "wholeMs"] as const) sums[each] += cost[each];
    row(`${facility ?? "control rows"} (${participants})`, cells.length, cost);
  }
  const cells = visits.reduce((sum, visit) => sum + visit.cells.length, 0);
  row("all", cells, sums);
}
