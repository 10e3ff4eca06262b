// @gate alone

import { assert, assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import { allowedCpus } from "../../facilities/libc/sched.ts";
import { now, sleepUntil } from "../../facilities/libc/time.ts";
import { warningsWith } from "../../workloads/runner/warning.ts";
import { measure, measuredOf } from "./measured.ts";

Deno.test("a sleeper wakes no earlier than it asked to", () => {
  for (const milliseconds of [0, 1, 20]) {
    const due = now() + milliseconds * 1e6;
    sleepUntil(due);
    assertGreaterOrEqual(now(), due);
  }
});

Deno.test("a rate that the facility cannot keep up with is told from one that it can", async () => {
  const cells = measuredOf(
    await measure({
      facility: ["tcp"],
      workload: ["paced"],
      placement: ["same-cpu"],
      targetNs: 3e7,
    }),
    "paced",
  );
  const gaps = cells.map(({ parameters }) => Number(parameters!.gapNs));
  assertEquals(new Set(gaps), new Set([1e3, 1e4, 1e5, 1e6, 1e7]));
  for (const { parameters, offeredPerSecond, achievedPerSecond, warnings, trials } of cells) {
    const gap = Number(parameters!.gapNs);
    assertEquals(offeredPerSecond, 1e9 / gap);
    assertEquals(trials[0]!.operations, Math.max(12, 3e7 / gap));
    const kept = achievedPerSecond! > 0.95 * offeredPerSecond!;
    assertEquals(warningsWith("rate-not-reached", warnings).length > 0, !kept);
    // No stream socket takes a message within a microsecond.
    if (gap === 1e3) assertEquals(kept, false);
  }
});

Deno.test("one way takes less than there and back, and is measured in each message", async () => {
  const cells = await measure({
    facility: ["pipe", "realtime-signal"],
    workload: ["round-trip", "one-way"],
    size: [4],
    placement: ["same-cpu"],
    targetNs: 2e7,
  });
  for (const facility of ["pipe", "realtime-signal"]) {
    const [there] = measuredOf(cells, "one-way", facility);
    const [both] = measuredOf(cells, "round-trip", facility);
    assertEquals(there!.batch, 1);
    assertGreater(there!.percentiles!.max, 0);
    assertGreater(both!.percentiles!.max, 0);
  }
});

Deno.test("core to core has a cell for every two CPUs, and runs there", async () => {
  const cells = measuredOf(
    await measure({
      workload: ["core-to-core"],
      facility: ["posix-shared-memory", "memfd", "pipe"],
    })
      .catch((error) => {
        if (allowedCpus().length > 1) throw error;
        return [];
      }),
    "core-to-core",
  );
  const cpus = allowedCpus();
  const pairs = cpus.flatMap((a, index) => cpus.slice(index + 1).map((b) => [a, b]));
  assertEquals(cells.map(({ trials }) => trials[0]!.cpus), pairs.slice(0, 64 * 63 / 2));
  for (const { facility, wait, parameters, trials, placement } of cells) {
    assertEquals([facility, wait], ["posix-shared-memory", "spin"]);
    assertEquals(parameters!.pair, trials[0]!.cpus.join("-"));
    assert(placement !== "same-cpu");
  }
});
