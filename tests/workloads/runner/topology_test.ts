import { assertEquals } from "@std/assert";
import { allowedCpus } from "../../../facilities/libc/sched.ts";
import { recordedFiles } from "../../../workloads/runner/file_tree.ts";
import { readTopology, topologyOf } from "../../../workloads/runner/topology.ts";
import * as trees from "./sys_trees.ts";

const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];
const read = (tree: Record<string, string>, affinity: number[]) =>
  topologyOf(recordedFiles(tree), affinity);

Deno.test("one CPU is a core, a socket and a node of its own", () => {
  assertEquals(read(trees.ONE_CPU, [0]), [
    { cpu: 0, core: 0, socket: 0, node: 0, sharedCache: [0] },
  ]);
});

Deno.test("hardware threads of a core carry its lowest number", () => {
  const topology = read(trees.SMT, EIGHT);
  assertEquals(topology.map(({ core }) => core), [0, 1, 2, 3, 0, 1, 2, 3]);
  assertEquals(topology[6]!.sharedCache, EIGHT);
});

Deno.test("cores whose core_id is alike are told apart across sockets and clusters", () => {
  assertEquals(read(trees.TWO_SOCKETS, EIGHT).map(({ core }) => core), EIGHT);
  assertEquals(read(trees.BIG_LITTLE, EIGHT).map(({ core }) => core), EIGHT);
});

Deno.test("sockets, NUMA nodes and their caches are read", () => {
  const topology = read(trees.TWO_SOCKETS, EIGHT);
  assertEquals(topology.map(({ socket }) => socket), [0, 0, 0, 0, 1, 1, 1, 1]);
  assertEquals(topology.map(({ node }) => node), [0, 0, 0, 0, 1, 1, 1, 1]);
  assertEquals(topology[5]!.sharedCache, [4, 5, 6, 7]);
});

Deno.test("capacity is told only where CPUs differ", () => {
  assertEquals(
    read(trees.BIG_LITTLE, EIGHT).map(({ capacity }) => capacity),
    [462, 462, 462, 462, 1024, 1024, 1024, 1024],
  );
  const alike = { ...trees.ONE_CPU, "/sys/devices/system/cpu/cpu0/cpu_capacity": "1024\n" };
  assertEquals("capacity" in read(alike, [0])[0]!, false);
});

Deno.test("the last-level cache is the highest there is, even when it is the second", () => {
  assertEquals(read(trees.BIG_LITTLE, EIGHT)[1]!.sharedCache, [0, 1, 2, 3]);
  assertEquals(read(trees.SEVERAL_CACHES, EIGHT)[7]!.sharedCache, [4, 5, 6, 7]);
});

Deno.test("a cpuset leaves two of eight CPUs, and caches name only those", () => {
  assertEquals(read(trees.CPUSET, EIGHT), [
    { cpu: 2, core: 2, socket: 0, node: 0, sharedCache: [2, 5] },
    { cpu: 5, core: 1, socket: 0, node: 0, sharedCache: [2, 5] },
  ]);
});

Deno.test("affinity and offline CPUs narrow the topology", () => {
  assertEquals(read(trees.SMT, [1, 6]).map(({ cpu }) => cpu), [1, 6]);
  const offline = { ...trees.SMT, "/sys/devices/system/cpu/online": "0-3\n" };
  assertEquals(read(offline, EIGHT).map(({ cpu }) => cpu), [0, 1, 2, 3]);
});

Deno.test("a machine that tells nothing has separate cores in one socket", () => {
  assertEquals(read(trees.SILENT, [0, 1]), [
    { cpu: 0, core: 0, socket: 0, node: 0, sharedCache: [0, 1] },
    { cpu: 1, core: 1, socket: 0, node: 0, sharedCache: [0, 1] },
  ]);
});

Deno.test("this machine's topology holds the CPUs this process may use", () => {
  assertEquals(readTopology().map(({ cpu }) => cpu), allowedCpus());
});
