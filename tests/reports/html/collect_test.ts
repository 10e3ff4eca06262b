import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { stepsOf } from "../../../reports/history/trend.ts";
import { collect } from "../../../reports/html/collect.ts";
import { syntheticHistory } from "./synthetic_run.ts";

Deno.test("the history's steps are those of history trend, with what changed with them", async () => {
  const runs = syntheticHistory({ runs: 40 });
  const { history } = await collect(runs);
  const pipe = history.lines.find((line) =>
    line.facility === "pipe" && line.workload === "round-trip"
  )!;
  const points = runs.map((run) => ({
    run: {
      ...run.host,
      id: run.id,
      startedAt: run.startedAt,
      deno: run.tool.deno,
      version: run.tool.version,
      profile: run.settings.profile,
    },
    estimate: run.cells.flatMap((cell) =>
      cell.id === "round-trip/pipe/64/same-cpu/process/2/awake" && cell.status === "measured"
        ? [cell.estimate]
        : []
    )[0]!,
  }));
  const expected = stepsOf(points);
  assert(expected.length > 0);
  assertEquals(
    pipe.steps.map(({ at, p, with: facts }) => ({ at, p, facts })),
    expected.map(({ index, p, with: facts }) => ({ at: index, p, facts })),
  );
  assertAlmostEquals(pipe.steps[0]!.after / expected[0]!.after, 1, 1e-4);
  assertEquals(history.turns.map(({ words }) => words), ["kernel 6.18.5 → 6.19.1"]);
});
