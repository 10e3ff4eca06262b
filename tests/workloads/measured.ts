/** Single trials of planned cells, without the schedule of a run; the participants are real. @module */
import { assert, assertEquals } from "@std/assert";
import { type BenchOptions, planInput } from "../../cli/bench.ts";
import { LEAVES, loadFacility } from "../../facilities/taxonomy.ts";
import { CONTROL_ROWS, loadWorkload, WORKLOADS } from "../../workloads/catalogue.ts";
import { Accumulator } from "../../workloads/runner/accumulate.ts";
import type { Cell, MeasuredCell } from "../../workloads/runner/document.ts";
import { LikeWithLike } from "../../workloads/runner/like_with_like.ts";
import { makePlan } from "../../workloads/runner/plan.ts";
import { createRandom } from "../../workloads/runner/random.ts";
import { runTrial } from "../../workloads/runner/trial.ts";

// What a facility or a workload opens of the C library stays open; so load all before the first test.
for (const { id } of LEAVES) await loadFacility(id);
for (const id of [...WORKLOADS, ...CONTROL_ROWS]) await loadWorkload(id);

const DEADLINE_MS = 120_000;

export interface Asked extends Partial<BenchOptions> {
  /** Only cells with these parameters, as their ids have them: `gapNs=1000`. */
  parameters?: string[];
  /** How long each cell is timed, nanoseconds. */
  targetNs?: number;
}

/** The cells of a plan, of one trial each unless more are asked for. */
export async function measure(
  { targetNs = 3e6, trials = 1, parameters, ...options }: Asked,
): Promise<Cell[]> {
  const input = await planInput({
    awake: false,
    profile: "quick",
    seed: 1,
    report: false,
    store: false,
    ...options,
  });
  const { visits, inapplicable } = await makePlan(input);
  const folder = await Deno.makeTempDir();
  const accumulators = new Map<string, Accumulator>();
  for (const visit of visits.slice(1)) {
    const chosen = visit.cells.filter(({ task }) =>
      parameters === undefined || parameters.some((each) => task.id.split("/").includes(each))
    );
    for (const planned of chosen) {
      accumulators.set(planned.task.id, await Accumulator.create(planned));
    }
    for (let trial = 0; trial < trials; trial++) {
      const end = await runTrial({
        ...visit,
        cells: chosen.map(({ task }) => ({ ...task, targetNs })),
        folder: `${folder}/${visits.indexOf(visit)}-${trial}`,
        baseSecond: 0,
      }, { deadlineMs: DEADLINE_MS });
      assert(end.status === "reported", `${visit.facility}: ${JSON.stringify(end)}`);
      assertEquals([end.report.unavailable, end.report.aborted], [[], null], `${visit.facility}`);
      for (const result of end.results) accumulators.get(result.id)!.add(result);
    }
  }
  await Deno.remove(folder, { recursive: true });
  const all = [...accumulators.values()];
  const context = {
    random: createRandom(1),
    clockStepNs: 1,
    like: new LikeWithLike(all.flatMap(({ trials }) => trials)),
  };
  return [
    ...all.map((each) => each.cell(context)!),
    ...inapplicable,
  ];
}

/** The cells of a facility's workload; a failed one fails the test. */
export function cellsOf(cells: readonly Cell[], workload: string, facility?: string): Cell[] {
  const found = cells.filter((cell) =>
    cell.workload === workload && (facility === undefined || cell.facility === facility)
  );
  for (const cell of found) assert(cell.status !== "failed", JSON.stringify(cell));
  return found;
}

export function measuredOf(
  cells: readonly Cell[],
  workload: string,
  facility?: string,
): MeasuredCell[] {
  return cellsOf(cells, workload, facility).filter((cell) => cell.status === "measured");
}
