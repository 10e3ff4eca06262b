// @gate alone

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as v from "valibot";
import { newRunId, RunFolder } from "../../../facilities/run_folder.ts";
import { LEAVES, loadFacility } from "../../../facilities/taxonomy.ts";
import { compareWithNative } from "../../../workloads/runner/fidelity.ts";
import { FidelitySchema } from "../../../workloads/runner/fidelity_document.ts";
import { planFidelity } from "../../../workloads/runner/fidelity_plan.ts";
import { readHost } from "../../../workloads/runner/host.ts";
import { NativeReference, output } from "../../../workloads/runner/native_reference.ts";
import { crossCpu, placements } from "../../../workloads/runner/placement.ts";
import { readTopology } from "../../../workloads/runner/topology.ts";

/** Without a compiler there is nothing to compare with, as the last test says. */
const ignore = await output("cc", ["--version"]) === null;
const topology = readTopology();

// Planned now, no library is opened within a test, which would look like a leak.
const everything = await visitsOf(...LEAVES.map(({ id }) => id));

async function visitsOf(...ids: string[]) {
  return await planFidelity({
    facilities: await Promise.all(
      ids.map(async (source) => ({ source, facility: await loadFacility(source) })),
    ),
    topology,
    blocking: placements(topology).find((each) => each.class === "same-cpu")!,
    spinning: crossCpu(topology),
    seed: 1,
    budgetSeconds: 1,
  });
}

Deno.test({
  name: "every cell that is compared has its native counterpart",
  ignore,
  async fn() {
    using folder = new RunFolder("/tmp", `fidelity-${newRunId()}`);
    const reference = await NativeReference.compile(folder.path);
    const missing = everything.flatMap(({ targets }) => targets)
      .map(({ planned: { dimensions } }) => dimensions)
      .filter(({ facility, workload, wait }) => !reference.has(facility, workload, wait))
      .map(({ id }) => id);
    assertEquals(missing, []);
  },
});

Deno.test({
  name: "each native cell gets every message right, and says how many operations it did",
  ignore,
  async fn() {
    using folder = new RunFolder("/tmp", `fidelity-${newRunId()}`);
    const reference = await NativeReference.compile(folder.path);
    const targets = everything.flatMap((each) => each.targets);
    for (const { planned: { dimensions, task }, largest } of targets) {
      const { facility, workload, wait } = dimensions;
      const { length, cpus } = task;
      await using native = reference.start({ facility, workload, length, largest, cpus, wait });
      // Twice, since the second begins where the first left off.
      for (const count of [64, 128]) {
        const result = await native.run(count, 4, 8);
        assertEquals([dimensions.id, result.operations, result.errors], [dimensions.id, count, 0]);
        assert(result.nanoseconds > 0 && result.estimate > 0);
      }
    }
  },
});

Deno.test({
  name: "both sides take turns with the same work, and what comes out fits the schema",
  ignore,
  async fn() {
    const document = await compareWithNative({
      visits: await visitsOf("pipe"),
      host: readHost(),
      version: "0.0.0",
      seed: 1,
      budgetSeconds: 1,
      temporary: "/tmp",
      perf: false,
    });
    const { cells, groups } = v.parse(FidelitySchema, document);
    assertEquals(cells.map(({ status }) => status), cells.map(() => "measured"));
    assertEquals(groups.map(({ group }) => group), ["blocking", "throughput", "uncontended"]);
    for (const cell of cells) {
      assert(cell.status === "measured");
      assert(cell.launches > 0 && cell.rounds >= cell.launches && cell.operations > 0);
      assert(cell.suiteNs > 0 && cell.nativeNs > 0 && cell.ratio > 0);
    }
  },
});

Deno.test("without a compiler it says so in one line and exits 3", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--allow-ffi", "--allow-run", "--allow-read", "--allow-write=/tmp"],
      ...["--allow-env=TMPDIR", "cli/main.ts", "fidelity", "--facility", "pipe"],
    ],
    env: { PATH: "/nowhere" },
  }).output();
  const said = new TextDecoder().decode(stderr).trim();
  assertEquals([code, stdout.length, said.split("\n").length], [3, 0, 1]);
  assertStringIncludes(said, "no C compiler");
});
