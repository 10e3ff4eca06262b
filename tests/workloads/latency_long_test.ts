// @gate long alone

import { assert, assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import { measure, measuredOf } from "./measured.ts";

const own = (name: string) => import.meta.resolve(`./facilities/${name}.ts`);

Deno.test("a stall of 50 ms at 1,000 messages a second shows in p99.9, uncorrected it does not", async () => {
  const [cell] = measuredOf(
    await measure({
      facility: [own("stalling")],
      workload: ["paced"],
      parameters: ["gapNs=1000000"],
      placement: ["same-cpu"],
      size: [64],
      targetNs: 10.4e9,
    }),
    "paced",
  );
  assert(cell);
  const { percentiles, uncorrected, offeredPerSecond, achievedPerSecond } = cell;
  assertEquals(cell.trials[0]!.operations, 10_400);
  assertEquals(offeredPerSecond, 1000);
  assertGreater(achievedPerSecond!, 0);
  // 50 messages were due while the sender slept; the tenth of them waited for 40 ms and more.
  assertGreaterOrEqual(percentiles!["p99.9"]!, 39e6);
  assertGreaterOrEqual(percentiles!.max, 50e6);
  assertGreater(percentiles!["p99.9"]!, 2 * uncorrected!["p99.9"]!);
});
