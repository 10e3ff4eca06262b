// @gate alone

import { assert, assertEquals } from "@std/assert";
import { planInput } from "../../../cli/bench.ts";
import { loadFacility } from "../../../facilities/taxonomy.ts";
import { CONTROL_ROWS, loadWorkload } from "../../../workloads/catalogue.ts";
import { makePlan, type PlanInput } from "../../../workloads/runner/plan.ts";
import { runTrial } from "../../../workloads/runner/trial.ts";

// What they open of the C library stays open; so load all before the first test.
await loadFacility("memfd");
for (const id of ["round-trip", ...CONTROL_ROWS]) await loadWorkload(id);

/** The plan of one region where the machine's second CPU had memory of its own. */
async function planOn(nodes: readonly [number, number], profile: string): Promise<PlanInput> {
  const input = await planInput({
    facility: ["memfd"],
    workload: ["round-trip"],
    size: [64],
    wait: ["futex"],
    placement: ["same-cpu"],
    profile: profile as "quick",
    seed: 1,
    report: false,
    store: false,
  });
  const topology = [0, 1].map((cpu) => ({
    ...input.topology[0]!,
    cpu,
    core: cpu,
    socket: cpu,
    node: nodes[cpu]!,
    sharedCache: [cpu],
  }));
  return { ...input, topology, placements: [{ class: "same-cpu", cpus: [0, 0] }] };
}

async function nodesOf(input: PlanInput) {
  const { visits } = await makePlan(input);
  const { cells, setups } = visits[1]!;
  return cells.map(({ dimensions, task }) => [
    dimensions.parameters?.memoryNode ?? "home",
    setups[task.setup]!.memoryNode,
  ]);
}

Deno.test("a region lies on its first participant's node, in longer runs on each", async () => {
  assertEquals(await nodesOf(await planOn([0, 0], "standard")), [["home", undefined]]);
  assertEquals(await nodesOf(await planOn([3, 5], "quick")), [["home", 3]]);
  assertEquals(await nodesOf(await planOn([3, 5], "standard")), [["home", 3], [5, 5]]);
});

Deno.test("participants ask the kernel for the node, and say when there is none", async () => {
  const { visits } = await makePlan(await planOn([0, 63], "standard"));
  const visit = visits[1]!;
  const folder = await Deno.makeTempDir();
  const end = await runTrial({
    ...visit,
    cells: visit.cells.map(({ task }) => ({ ...task, targetNs: 1e6 })),
    folder: `${folder}/trial`,
    baseSecond: 0,
  }, { deadlineMs: 60_000 });
  await Deno.remove(folder, { recursive: true });
  assert(end.status === "reported", JSON.stringify(end));
  const lost = end.report.unavailable.map(({ setup, code }) => [
    visit.setups[setup]!.memoryNode,
    code,
  ]);
  assertEquals(lost, [[63, "EINVAL"]]);
  assertEquals(end.results.map(({ id }) => id), [visit.cells[0]!.dimensions.id]);
});
