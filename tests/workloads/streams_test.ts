// @gate alone

import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { allowedCpus } from "../../facilities/libc/sched.ts";
import { cellsOf, measure, measuredOf } from "./measured.ts";

const placement = ["same-cpu"];

for (const workload of ["fan-in", "fan-out"]) {
  Deno.test(`${workload}: one to eight share one end, and every one of them has its share`, async () => {
    const all = await measure({
      workload: [workload],
      facility: ["pipe", "posix-message-queue"],
      size: [64],
      placement,
    });
    for (const facility of ["pipe", "posix-message-queue"]) {
      const cells = measuredOf(all, workload, facility);
      assertEquals(cells.map(({ count }) => count), [2, 3, 5, 9]);
      for (const { count, fairness, trials, lost } of cells) {
        assertEquals(lost, undefined);
        if (count > 2) assert(fairness !== undefined && fairness >= 0 && fairness <= 1);
        for (const { operations, cpus } of trials) {
          assertGreater(operations, 0);
          assertEquals(cpus.length, count);
        }
      }
    }
  });
}

Deno.test("writes that are not atomic, and ends that belong to one, are not shared", async () => {
  const all = await measure({
    workload: ["fan-in"],
    facility: ["pipe", "tcp", "posix-message-queue"],
    size: [4096, 8192],
    placement,
  });
  const state = (facility: string) =>
    cellsOf(all, "fan-in", facility).map((cell) =>
      `${cell.sizeBytes}/${cell.count} ${cell.status}`
    );
  assertEquals(state("pipe").filter((each) => each.endsWith("not-applicable")), [
    "8192/3 not-applicable",
    "8192/5 not-applicable",
    "8192/9 not-applicable",
  ]);
  assertEquals(state("tcp"), ["4096/2 not-applicable"]);
  assertEquals(state("posix-message-queue").filter((each) => each.endsWith("measured")).length, 8);
});

Deno.test("a message that never comes is noticed, in order or by count", async () => {
  const all = await measure({
    workload: ["fan-in", "fan-out", "pairs"],
    targetNs: 2e7,
    facility: [import.meta.resolve("./facilities/skipping.ts")],
    size: [64],
    placement,
  });
  const reasons = all
    .filter((cell) => cell.workload !== "fan-out" || cell.count > 2)
    .flatMap((cell) => cell.control ? [] : cell.status === "failed" ? cell.reason : [cell.id]);
  assertGreater(reasons.length, 6);
  for (const reason of reasons) assertMatch(reason, /went wrong|sent and never received/);
});

Deno.test("pairs have links and CPUs of their own, as many as twice the CPUs", async () => {
  const all = await measure({
    workload: ["pairs"],
    facility: ["pipe", "unix-stream", "posix-message-queue", "shared-variable"],
    size: [64],
    placement,
  });
  const cpus = allowedCpus();
  const counts = [
    ...new Set([1, 2, cpus.length, 2 * cpus.length].map((pairs) => Math.min(pairs, 16))),
  ]
    .sort((a, b) => a - b).map((pairs) => 2 * pairs);
  for (const facility of ["pipe", "unix-stream", "posix-message-queue", "shared-variable"]) {
    const cells = measuredOf(all, "pairs", facility);
    assertEquals([...new Set(cells.map(({ count }) => count))], counts, facility);
    for (const { count, trials } of cells) {
      const used = trials[0]!.cpus;
      assertEquals(used.length, count);
      for (let rank = 0; rank < count; rank += 2) assertEquals(used[rank], used[rank + 1]);
      assertEquals(new Set(used).size, Math.min(count / 2, cpus.length));
    }
  }
});
