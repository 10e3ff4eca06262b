// @gate alone

import { assert, assertEquals } from "@std/assert";
import { planInput } from "../../cli/bench.ts";
import { makePlan, type PlannedCell, type PlannedVisit } from "../../workloads/runner/plan.ts";
import { runTrial } from "../../workloads/runner/trial.ts";
// Loads what facilities and workloads open of the C library before the first test.
import "./measured.ts";

const TIMED_NS = 80e6;
/** A loop that is compiled anew leaves some code behind; an operation may leave nothing. */
const ONCE_BYTES = 48 << 10;
const BYTES_PER_OPERATION = 4;
/** The collector may happen to come by; what each operation allocates is there every time. */
const ATTEMPTS = 6;

/** Every loop that is timed, but for those that make and remove objects. */
const LOOPS = [
  ["round-trip", "throughput", "hand-off", "uncontended", "uncontended-post"],
  ["one-way", "paced", "fan-in", "fan-out", "pairs", "contended", "lock-hand-off"],
] as const;
/** The second kind of loops does the same calls in another order. */
const OF_THE_SECOND = ["pipe", "posix-message-queue", "memfd", "futex"];

async function visitsOf(
  workload: readonly string[],
  facility?: string[],
): Promise<readonly PlannedVisit[]> {
  const { visits } = await makePlan(
    await planInput({
      awake: false,
      profile: "quick",
      seed: 1,
      size: [64],
      placement: ["same-cpu"],
      workload: [...workload],
      facility,
      report: false,
      store: false,
    }),
  );
  return visits;
}

/** Lines of a canonical terminal arrive in parts, and each part needs a pointer of its own. */
const arrivesInParts = ({ task }: PlannedCell) => task.id.includes(":canonical/");
/** Other points of a loop are that same loop. */
const isFirstOfItsKind = ({ task }: PlannedCell, _: number, all: readonly PlannedCell[]) =>
  all.find(({ task: { workload, setup } }) => workload === task.workload && setup === task.setup)!
    .task === task;

/** The cells whose loops left more behind than they may, and the number of operations of all. */
async function allocating(
  visit: PlannedVisit,
  cells: readonly PlannedCell[],
  folder: string,
): Promise<{ wrong: Map<string, string>; operations: number }> {
  const { facility, participants, count, setups } = visit;
  const end = await runTrial({
    facility,
    participants,
    count,
    setups,
    cells: cells.map(({ task }) => ({ ...task, targetNs: TIMED_NS })),
    folder,
    baseSecond: 0,
    watchesHeap: true,
  }, { deadlineMs: 120_000 });
  assert(end.status === "reported" && end.report.aborted === null, JSON.stringify(end));
  const wrong = new Map<string, string>();
  let operations = 0;
  for (const result of end.results) {
    assert(result.status === "measured", JSON.stringify(result));
    operations += result.operations;
    assertEquals(result.heapGrowth?.length, result.cpus.length, "a participant did not look");
    const allowed = ONCE_BYTES + BYTES_PER_OPERATION * result.operations;
    if (result.heapGrowth!.some((growth) => Math.abs(growth) > allowed)) {
      const { id, heapGrowth } = result;
      wrong.set(id, `${id}: heaps grew by ${heapGrowth} bytes in ${result.operations} operations`);
    }
  }
  return { wrong, operations };
}

Deno.test("no timed loop allocates, over a million operations", async (test) => {
  const folder = await Deno.makeTempDir();
  const visits = [
    ...await visitsOf(LOOPS[0]),
    ...(await visitsOf(LOOPS[1], OF_THE_SECOND)).slice(1),
  ];
  let operations = 0;
  for (const [index, visit] of visits.entries()) {
    await test.step(`${visit.facility ?? "control rows"}, visit ${index}`, async () => {
      let cells = visit.cells.filter((cell) => !arrivesInParts(cell)).filter(isFirstOfItsKind);
      for (let attempt = 1; cells.length > 0; attempt++) {
        const found = await allocating(visit, cells, `${folder}/${index}-${attempt}`);
        operations += found.operations;
        if (attempt === ATTEMPTS) assertEquals([...found.wrong.values()], []);
        cells = cells.filter(({ task }) => found.wrong.has(task.id));
      }
    });
  }
  await Deno.remove(folder, { recursive: true });
  assert(operations > 1e6, `only ${operations} operations`);
});
