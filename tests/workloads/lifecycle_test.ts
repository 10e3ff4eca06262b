import { assert, assertEquals, assertGreater } from "@std/assert";
import { LEAVES } from "../../facilities/taxonomy.ts";
import { leavingNothing } from "../leftovers.ts";
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

Deno.test("a run without named workloads takes the whole lifecycle as one", async () => {
  const all = await measure({ facility: ["fifo"] });
  const [cell, ...more] = cellsOf(all, "lifecycle");
  assertEquals([cell?.parameters, more], [undefined, []]);
  assert(cell?.status === "measured" && cell.batch === 1);
});
