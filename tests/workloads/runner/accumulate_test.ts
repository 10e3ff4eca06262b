import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { loadWorkload } from "../../../workloads/catalogue.ts";
import { Accumulator } from "../../../workloads/runner/accumulate.ts";
import type { Cell } from "../../../workloads/runner/document.ts";
import { LikeWithLike } from "../../../workloads/runner/like_with_like.ts";
import type { PlannedCell } from "../../../workloads/runner/plan.ts";
import { createRandom } from "../../../workloads/runner/random.ts";
import { serialiseRun } from "../../../workloads/runner/run_file.ts";
import type { CellResult } from "../../../workloads/runner/visit.ts";
import { sampleRun } from "./sample_run.ts";

type Measured = Extract<CellResult, { status: "measured" }>;

const workload = await loadWorkload("throughput");
const id = "throughput/pipe/64/same-cpu/process/2";
const planned: PlannedCell = {
  dimensions: {
    id,
    facility: "pipe",
    workload: workload.id,
    sizeBytes: 64,
    placement: "same-cpu",
    participants: "process",
    count: 2,
    awake: false,
    unit: workload.unit,
    better: workload.better,
  },
  workload,
  lossy: false,
  leastMs: 0,
  task: { id, setup: 0, workload: workload.id, length: 64, count: 2, cpus: [0, 0], otherCpus: [1] },
};

function trial(operations: number, seconds: number, controlNs = 16): Measured {
  return {
    id,
    status: "measured",
    estimate: operations * 64 / seconds,
    operations,
    startNs: 0,
    seconds,
    cpus: [0, 0],
    batch: 1,
    controls: { clockNs: [controlNs, controlNs], syscallNs: [controlNs, controlNs] },
    used: { cpuNs: 0, minorFaults: 0, voluntarySwitches: 0, involuntarySwitches: 0 },
    compiled: true,
    lost: 0,
    shares: [],
    samples: "",
  };
}

/** The cell of such trials, which a run can be written with. */
async function cellOf(results: readonly CellResult[]): Promise<Cell> {
  const accumulator = await Accumulator.create(planned);
  for (const result of results) accumulator.add(result);
  const context = {
    random: createRandom(1),
    like: new LikeWithLike(accumulator.trials),
    clockStepNs: 1,
  };
  accumulator.judge(context);
  const cell = accumulator.cell(context)!;
  serialiseRun({ ...sampleRun({ id: "a-run" }), cells: [cell] });
  return cell;
}

const many = (count: number, one: Measured) => Array.from({ length: count }, () => one);

Deno.test("trials that agree but for one give a cell that can be written", async () => {
  const cell = await cellOf([...many(4, trial(1_000, 1)), trial(1_000, 1.001)]);
  assert(cell.status === "measured");
  assertAlmostEquals(cell.estimate, 64_000, 20);
  const [low, high] = cell.ci95;
  assert(low <= cell.estimate && cell.estimate <= high, `${low} ${cell.estimate} ${high}`);
});

Deno.test("a trial without a figure is left out, and is why a cell fails that has no other", async () => {
  for (const empty of [trial(0, 1), trial(1_000, 0), { ...trial(1, 1), estimate: NaN }]) {
    const cell = await cellOf([...many(6, trial(1_000, 1)), empty]);
    assert(cell.status === "measured");
    assertEquals(cell.trials.length, 6);
    const none = await cellOf([empty, empty]);
    assert(none.status === "failed");
    assert(none.reason.startsWith("a trial gives no figure: "), none.reason);
  }
});

Deno.test("controls that took no time normalise nothing", async () => {
  const cell = await cellOf([
    ...many(5, trial(1_000, 1, 0)),
    ...many(5, trial(500, 1, 24)),
    ...many(5, trial(700, 1, 48)),
  ]);
  assert(cell.status === "measured");
  assert(cell.estimate > 0 && Number.isFinite(cell.estimate), `${cell.estimate}`);
});
