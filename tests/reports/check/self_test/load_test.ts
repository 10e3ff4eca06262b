// @gate alone

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SystemCallError } from "../../../../facilities/libc/errno.ts";
import { readText, tryListFolder } from "../../../../facilities/libc/files.ts";
import { allowedCpus } from "../../../../facilities/libc/sched.ts";
import { startHogs } from "../../../../reports/check/self_test/hogs.ts";
import { limitCpu } from "../../../../reports/check/self_test/quota.ts";
import { cgroupOf } from "../../../../workloads/runner/cgroup.ts";
import { machineFiles } from "../../../../workloads/runner/file_tree.ts";

/** CPU time of all threads of this process, in clock ticks. */
function ticks(): number {
  const fields = readText("/proc/self/stat").split(") ")[1]!.split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** Waits until the process has used so many more ticks: that somebody computes in it. */
async function used(more: number): Promise<void> {
  const until = ticks() + more;
  while (ticks() < until) await new Promise((resolve) => setTimeout(resolve, 10));
}

for (const [what, onOff] of [["always", undefined], ["on and off", [30, 30]]] as const) {
  Deno.test(`hogs compute ${what}, and are gone once they are disposed`, async () => {
    const cpus = allowedCpus().slice(0, 2);
    let threads: readonly number[];
    {
      await using hogs = await startHogs(cpus, onOff);
      threads = hogs.threads;
      assertEquals(threads.length, cpus.length);
      await used(10);
      const alive = tryListFolder("/proc/self/task").map(Number);
      for (const [index, thread] of threads.entries()) {
        assert(alive.includes(thread));
        const status = readText(`/proc/self/task/${thread}/status`);
        assertStringIncludes(status, `Cpus_allowed_list:\t${cpus[index]}\n`);
      }
    }
    const left = tryListFolder("/proc/self/task").map(Number);
    assertEquals(left.filter((thread) => threads.includes(thread)), []);
  });
}

Deno.test("a share of the CPU is this process's while it lasts, where that is permitted", () => {
  const group = readText("/proc/self/cgroup");
  const before = cgroupOf(machineFiles);
  try {
    using _limited = limitCpu(0.5);
    const { cpuQuota } = cgroupOf(machineFiles);
    assertEquals(cpuQuota, Math.min(0.5, before.cpuQuota ?? Infinity));
  } catch (error) {
    assert(error instanceof SystemCallError || /no control group/.test(String(error)), `${error}`);
    console.log(`not permitted here: ${error}`);
  }
  assertEquals(readText("/proc/self/cgroup"), group);
  assertEquals(cgroupOf(machineFiles), before);
});
