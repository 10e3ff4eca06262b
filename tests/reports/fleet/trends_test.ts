import { assert, assertEquals } from "@std/assert";
import { groupTrends } from "../../../reports/fleet/trends.ts";
import { syntheticFleet } from "./synthetic_fleet.ts";

const SHAPE = { facilities: 2, cells: 2, noise: "normal" } as const;
const DAYS = 20;

/** Ten hosts of two kernels for 20 days; of the older one facility 1 gets slower on the 11th day. */
function fleet() {
  const groups = (host: number) => host < 5 ? { kernel: "Linux 6.1" } : {};
  const runs = syntheticFleet({ ...SHAPE, seed: 1, hosts: 10, runs: DAYS, groups });
  return runs.map((run) => {
    const late = Number(run.startedAt.slice(8, 10)) > 10 && run.groups.kernel === "Linux 6.1";
    const figures = new Map([...run.figures].map(([id, figure]) => {
      const logCost = figure.logCost + (late && figure.facility === "f1" ? Math.log(1.3) : 0);
      const estimate = Math.exp(figure.better === "lower" ? logCost : -logCost);
      return [id, { ...figure, logCost, estimate }];
    }));
    return { ...run, figures };
  });
}

Deno.test("a step of one group is found on its day, in its group, in its cells", () => {
  const trends = groupTrends(fleet(), "kernel");
  assertEquals(trends.map(({ group, hosts, days }) => [group, hosts, days]), [
    ["Linux 6.1", 5, DAYS],
    ["Linux 6.18", 5, DAYS],
  ]);
  const stepped = trends.flatMap(({ group, cells }) =>
    cells.flatMap(({ id, better, steps }) =>
      steps.map(({ run, before, after }) => {
        const ratio = better === "lower" ? after / before : before / after;
        assert(ratio > 1.2 && ratio < 1.4, `${id} ${ratio}`);
        return `${group} ${id} ${run}`;
      })
    )
  );
  assertEquals(stepped.sort(), [
    "Linux 6.1 round-trip/f1/0 2026-01-11",
    "Linux 6.1 round-trip/f1/1 2026-01-11",
  ]);
});

Deno.test("other hosts at work is no step, as long as each of them stays as it is", () => {
  // Slow hosts run in the first half, fast ones in the second, a few of both always.
  const runs = syntheticFleet({
    ...{ ...SHAPE, seed: 3, hosts: 12, runs: DAYS },
    slower: (host) => host < 6 ? 3 : 1,
  }).filter(({ hostname, startedAt }) => {
    const [host, day] = [Number(hostname.slice(5)), Number(startedAt.slice(8, 10))];
    return host % 6 < 2 || (host < 6) === (day <= DAYS / 2);
  });
  const [trend] = groupTrends(runs, "cpu", ["f0"]);
  assertEquals(trend!.cells.map(({ id }) => id), ["round-trip/f0/0", "round-trip/f0/1"]);
  assertEquals(trend!.cells.flatMap(({ steps }) => steps), []);
});

Deno.test("days on which nobody like them ran have no point, and each point tells its hosts", () => {
  const runs = syntheticFleet({ ...SHAPE, seed: 1, hosts: 3, runs: 4, daysApart: 2 })
    .filter(({ id }) => id !== "run-2-1");
  const [{ cells: [cell] }] = groupTrends(runs, "cpu") as [ReturnType<typeof groupTrends>[0]];
  assertEquals(cell!.points.map(({ day, hosts }) => `${day} ${hosts}`), [
    "2026-01-01 3",
    "2026-01-03 2",
    "2026-01-05 3",
    "2026-01-07 3",
  ]);
});
