import { assert, assertEquals } from "@std/assert";
import { recordedFiles } from "../../../workloads/runner/file_tree.ts";
import {
  cpusFor,
  crossCpu,
  otherCpus,
  pairsOf,
  placements,
  relation,
} from "../../../workloads/runner/placement.ts";
import { readTopology, topologyOf } from "../../../workloads/runner/topology.ts";
import * as trees from "./sys_trees.ts";

const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];
const UNPINNED = { class: "unpinned", cpus: [-1, -1] };

const SHAPES: [string, Record<string, string>, unknown][] = [
  ["one CPU", trees.ONE_CPU, [{ class: "same-cpu", cpus: [0, 0] }, UNPINNED]],
  ["SMT", trees.SMT, [
    { class: "same-cpu", cpus: [1, 1] },
    { class: "smt", cpus: [1, 5] },
    { class: "same-cache", cpus: [1, 2] },
    UNPINNED,
  ]],
  ["two sockets", trees.TWO_SOCKETS, [
    { class: "same-cpu", cpus: [1, 1] },
    { class: "same-cache", cpus: [1, 2] },
    { class: "cross-socket", cpus: [1, 4] },
    UNPINNED,
  ]],
  ["big.LITTLE, the big ones first", trees.BIG_LITTLE, [
    { class: "same-cpu", cpus: [4, 4] },
    { class: "same-cache", cpus: [4, 5] },
    { class: "cross-cache", cpus: [1, 4] },
    UNPINNED,
  ]],
  ["several caches in a socket", trees.SEVERAL_CACHES, [
    { class: "same-cpu", cpus: [1, 1] },
    { class: "same-cache", cpus: [1, 2] },
    { class: "cross-cache", cpus: [1, 4] },
    UNPINNED,
  ]],
  ["a cpuset that leaves two", trees.CPUSET, [
    { class: "same-cpu", cpus: [2, 2] },
    { class: "same-cache", cpus: [2, 5] },
    UNPINNED,
  ]],
];

for (const [shape, tree, expected] of SHAPES) {
  Deno.test(`placements of ${shape}`, () => {
    assertEquals(placements(topologyOf(recordedFiles(tree), EIGHT)), expected);
  });
}

Deno.test("the nearest class across CPUs", () => {
  const nearest = (tree: Record<string, string>) =>
    crossCpu(topologyOf(recordedFiles(tree), EIGHT))?.class ?? null;
  assertEquals(nearest(trees.ONE_CPU), null);
  assertEquals(nearest(trees.SMT), "smt");
  assertEquals(nearest(trees.TWO_SOCKETS), "same-cache");
  assertEquals(
    crossCpu(topologyOf(recordedFiles(trees.TWO_SOCKETS), [0, 7]))!.class,
    "cross-socket",
  );
});

Deno.test("participants take the pair's CPUs in turn", () => {
  assertEquals(cpusFor({ class: "same-cache", cpus: [1, 2] }, 5), [1, 2, 1, 2, 1]);
  assertEquals(cpusFor({ class: "unpinned", cpus: [-1, -1] }, 3), [-1, -1, -1]);
});

Deno.test("pairs of a class have no CPU in common and are of that class", () => {
  const topology = topologyOf(recordedFiles(trees.SMT), EIGHT);
  for (const name of ["smt", "same-cache"] as const) {
    const pairs = pairsOf(topology, name);
    assertEquals(new Set(pairs.flat()).size, pairs.length * 2, name);
    assertEquals(pairs.length, name === "smt" ? 4 : 3);
    for (const [a, b] of pairs) assertEquals(relation(topology[a]!, topology[b]!), name);
  }
  assertEquals(pairsOf(topology, "same-cpu").length, 8);
  assertEquals(pairsOf(topology, "cross-socket"), []);
});

Deno.test("the CPUs a trial leaves free, or all", () => {
  const topology = topologyOf(recordedFiles(trees.SMT), EIGHT);
  assertEquals(otherCpus(topology, [1, 5]), [0, 2, 3, 4, 6, 7]);
  assertEquals(otherCpus(topologyOf(recordedFiles(trees.ONE_CPU), [0]), [0, 0]), [0]);
});

Deno.test("this machine offers at least one CPU to share", () => {
  const offered = placements(readTopology());
  assertEquals(offered[0]!.class, "same-cpu");
  assert(offered[0]!.cpus[0] >= 0);
});
