// @gate alone

import { assertEquals, assertGreater } from "@std/assert";
import { type BenchOptions, planInput } from "../../cli/bench.ts";
import { LEAVES } from "../../facilities/taxonomy.ts";
import { leavingNothing } from "../leftovers.ts";
import { makePlan } from "../../workloads/runner/plan.ts";
import { cellsOf, measure } from "./measured.ts";

Deno.test("every facility's link is made and removed, many times, and nothing is left", () =>
  leavingNothing(async () => {
    const all = await measure({ workload: ["lifecycle"] });
    for (const { id } of LEAVES) {
      const cells = cellsOf(all, "lifecycle", id);
      assertGreater(cells.length, 0, id);
      for (const cell of cells) {
        if (cell.status === "measured") assertGreater(cell.trials[0]!.operations, 1, cell.id);
      }
    }
  }));

Deno.test("a step takes part of the whole, and what has no name is not opened", async () => {
  const all = await measure({ workload: ["lifecycle"], facility: ["pipe", "fifo"] });
  const steps = (facility: string) =>
    Object.fromEntries(
      cellsOf(all, "lifecycle", facility)
        .map((cell) => [cell.parameters?.step ?? "all", cell.status]),
    );
  const measured = "measured";
  const inapplicable = "not-applicable";
  assertEquals(steps("fifo"), {
    all: measured,
    create: measured,
    open: measured,
    close: measured,
    remove: measured,
  });
  assertEquals(steps("pipe"), {
    all: measured,
    create: measured,
    open: inapplicable,
    close: inapplicable,
    remove: measured,
  });
});

Deno.test("what is secondary waits for a longer profile, unless it is named", async () => {
  const ids = async (options: Partial<BenchOptions>) => {
    const input = await planInput({
      facility: ["fifo"],
      profile: "quick",
      report: false,
      store: false,
      ...options,
    });
    const { visits } = await makePlan(input);
    return new Set(visits.flatMap(({ cells }) => cells).map(({ workload }) => workload.id));
  };
  assertEquals((await ids({})).has("lifecycle"), false);
  assertEquals((await ids({ workload: ["lifecycle"] })).has("lifecycle"), true);
  const standard = await ids({ profile: "standard" });
  for (const id of ["lifecycle", "burst", "paced", "one-way", "fan-in", "fan-out", "pairs"]) {
    assertEquals(standard.has(id), true, id);
  }
});
