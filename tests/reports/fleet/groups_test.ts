import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { compareGroups } from "../../../reports/fleet/groups.ts";
import { InputError } from "../../../workloads/runner/errors.ts";
import { syntheticFleet } from "./synthetic_fleet.ts";

const SHAPE = { facilities: 3, cells: 4, noise: "normal" } as const;
const OLD = { kernel: "Linux 6.1" };

Deno.test("a group is compared by its hosts: estimate, ratio and interval in the right direction", () => {
  const runs = syntheticFleet({
    ...{ ...SHAPE, seed: 1, hosts: 20, runs: 4 },
    groups: (host) => host < 8 ? OLD : {},
    slower: (host) => host < 8 ? 1.4 : 1,
  });
  const { reference, groups, overall, cells } = compareGroups(runs, "kernel");
  assertEquals(reference, "Linux 6.18");
  assertEquals(groups, [
    { name: "Linux 6.18", hosts: 12, runs: 48 },
    { name: "Linux 6.1", hosts: 8, runs: 32 },
  ]);
  assertEquals(cells.length, 12);
  for (const cell of cells) {
    assert(cell.significant, cell.id);
    assert(cell.ratio > 1.2 && cell.ratio < 1.6, `${cell.id} ${cell.ratio}`);
    // Whatever the unit, more than 1 is worse.
    assertEquals(cell.estimate > cell.reference, cell.unit === "ns");
  }
  const [whole] = overall;
  assert(whole!.interval![0] > 1.3 && whole!.interval![1] < 1.5, `${whole!.interval}`);
  const turned = compareGroups(runs, "kernel", "Linux 6.1");
  assertEquals(turned.reference, "Linux 6.1");
  assertLess(turned.overall[0]!.ratio, 0.8);
});

Deno.test("one host with many runs counts once", () => {
  const steady = syntheticFleet({ ...SHAPE, seed: 1, hosts: 12, runs: 2 });
  const many = syntheticFleet({
    ...{ ...SHAPE, seed: 2, hosts: 1, runs: 200, slower: () => 3 },
    groups: () => OLD,
  }).map((run) => ({ ...run, hostname: "busy" }));
  const few = syntheticFleet({ ...SHAPE, seed: 3, hosts: 6, runs: 2, groups: () => OLD })
    .map((run) => ({ ...run, hostname: `old-${run.hostname}` }));
  const { overall, groups } = compareGroups([...steady, ...many, ...few], "kernel");
  assertEquals(groups[1], { name: "Linux 6.1", hosts: 7, runs: 212 });
  assertLess(overall[0]!.ratio, 1.1);
  assert(!overall[0]!.significant);
});

Deno.test("groups that are alike differ by chance as often as is announced", () => {
  let [significant, announced] = [0, 0];
  for (let seed = 1; seed <= 60; seed++) {
    const groups = (host: number) => host % 2 === 0 ? OLD : {};
    const runs = syntheticFleet({
      ...SHAPE,
      noise: "two states",
      seed,
      hosts: 16,
      runs: 3,
      groups,
    });
    const { cells, byChance } = compareGroups(runs, "kernel");
    significant += cells.filter((cell) => cell.significant).length;
    announced += byChance;
  }
  // Cells of one fleet stray together, so the sum strays as well.
  assertGreater(announced, 0);
  assertLess(significant / announced, 2);
});

Deno.test("too few hosts give a ratio without an interval, never a significant one", () => {
  const runs = syntheticFleet({
    ...{ ...SHAPE, seed: 1, hosts: 4, runs: 50, slower: (host) => host < 2 ? 2 : 1 },
    groups: (host) => host < 2 ? OLD : {},
  });
  const { cells, overall, byChance } = compareGroups(runs, "kernel");
  assertEquals([...cells, ...overall].filter(({ interval }) => interval !== null), []);
  assertEquals(byChance, 0);
});

Deno.test("a reference that is no group is refused, and the groups are named", () => {
  const runs = syntheticFleet({ ...SHAPE, seed: 1, hosts: 2, runs: 1 });
  assertThrows(() => compareGroups(runs, "instance", "m9"), InputError, "by instance are m7");
});
