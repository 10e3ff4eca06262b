// @gate alone

import { assert, assertEquals } from "@std/assert";
import { facility as pipe } from "../../../../facilities/communication/byte_stream/pipe.ts";
import { facility as semaphore } from "../../../../facilities/synchronization/sysv_semaphore.ts";
import { Scope } from "../../../../facilities/scope.ts";
import { now } from "../../../../facilities/libc/time.ts";
import { delayedFacility, ShareDelay } from "../../../../reports/check/self_test/delayed.ts";

Deno.test("a delayed facility is the same to the plan", async () => {
  const url = new URL("../../../../reports/check/self_test/delayed.ts", import.meta.url);
  url.search = "facility=pipe&delayNs=5000";
  const { facility } = await import(url.href);
  assertEquals([facility.id, facility.semantics], [pipe.id, pipe.semantics]);
  assertEquals(delayedFacility(semaphore, 10).channel, undefined);
});

Deno.test("a share is of what a message takes without the delay, now, and not of pauses", () => {
  const turnNs = 2;
  const delay = new ShareDelay(0.5, turnNs);
  let time = 0;
  const messages = (count: number, each: number) => {
    for (let sent = 0; sent < count; sent++) delay.message(time += each + delay.turns * turnNs);
  };
  messages(1_000, 100);
  assertEquals(delay.turns, 25);
  time += 1e9;
  messages(200, 100);
  assertEquals(delay.turns, 25);
  messages(1_000, 400);
  assertEquals(delay.turns, 100);
});

Deno.test("what is sent arrives, and takes the delay longer at least", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const fastest = async (delayNs: number) => {
      using scope = new Scope(`${folder}/${delayNs}`);
      const { channel } = delayedFacility(pipe, delayNs);
      const options = { maxBytes: 64, participants: "process", count: 1, scope } as const;
      using created = await channel!.create(options);
      using end = await channel!.attach(created.link, "solo");
      end.prepare(64);
      let least = Infinity;
      for (let round = 0; round < 50; round++) {
        const start = now();
        end.outgoing().bytes.fill(round);
        end.send(64);
        least = Math.min(least, now() - start);
        assertEquals(end.receive(64).bytes.slice(0, 64), new Uint8Array(64).fill(round));
      }
      return least;
    };
    // A spin is never shorter than its fastest calibration; whatever else runs makes it longer.
    const delayNs = 20_000_000;
    assert(await fastest(delayNs) >= 0.5 * delayNs);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
