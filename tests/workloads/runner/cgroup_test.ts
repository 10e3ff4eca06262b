import { assertEquals } from "@std/assert";
import { cgroupOf, foldersOf } from "../../../workloads/runner/cgroup.ts";
import { recordedFiles } from "../../../workloads/runner/file_tree.ts";
import { CONTAINER_V1, CPUSET, SILENT } from "./sys_trees.ts";

Deno.test("version 2: the tightest bound of the group and those above it counts", () => {
  assertEquals(cgroupOf(recordedFiles(CPUSET)), {
    version: 2,
    cpuQuota: 1.5,
    cpuset: "2,5",
    memoryBytes: 4_294_967_296,
  });
});

Deno.test("version 1 in a container: the mount shows its own group as the root", () => {
  assertEquals(cgroupOf(recordedFiles(CONTAINER_V1)), {
    version: 1,
    cpuQuota: 2,
    cpuset: "0-3",
    memoryBytes: null,
  });
});

Deno.test("no control groups at all", () => {
  assertEquals(cgroupOf(recordedFiles(SILENT)), {
    version: null,
    cpuQuota: null,
    cpuset: null,
    memoryBytes: null,
  });
});

Deno.test("folders come innermost first", () => {
  assertEquals(foldersOf(recordedFiles(CPUSET), "cpu")?.folders, [
    "/sys/fs/cgroup/ci.slice/job-7.scope",
    "/sys/fs/cgroup/ci.slice",
    "/sys/fs/cgroup",
  ]);
});
