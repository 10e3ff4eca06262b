// @gate alone

import { assertEquals, assertNotEquals } from "@std/assert";
import { inState, together, withCompany } from "../together.ts";
import { WORD } from "../participant.ts";

const LOCKS = [
  { facility: "sysv-semaphore", variant: "plain" },
  { facility: "sysv-semaphore", variant: "undo" },
  { facility: "posix-named-semaphore" },
  { facility: "posix-unnamed-semaphore" },
  { facility: "fcntl-lock", kinds: ["process"] as const },
  { facility: "ofd-lock" },
  { facility: "flock" },
  { facility: "mutex" },
  { facility: "futex" },
];

const ROUNDS = 4_000;

for (const { kinds = ["process", "thread"] as const, ...lock } of LOCKS) {
  const name = [lock.facility, lock.variant].filter(Boolean).join(" ");
  for (const participants of kinds) {
    for (const count of [1, 2, 4]) {
      Deno.test(`${name}: ${count} by ${participants} exclude each other`, async () => {
        await together(
          { ...lock, capability: "lock", participants, count },
          "increment",
          ROUNDS,
          ({ words }) => assertEquals(words[WORD.counter], count * ROUNDS),
        );
      });
    }
    Deno.test(`${name}: two by ${participants} pass their turn on over three locks`, async () => {
      await together({ ...lock, capability: "lock", participants }, "lock-hand-off", 2_000);
    });
  }
}

Deno.test("updates are lost where the lock does not lock: record locks between threads", async () => {
  await together(
    { facility: "fcntl-lock", capability: "lock", participants: "thread" },
    "increment",
    ROUNDS,
    ({ words }) => assertNotEquals(words[WORD.counter], 2 * ROUNDS),
  );
});

const HOLDERS = [
  { facility: "mutex" },
  { facility: "sysv-semaphore", variant: "undo" },
  { facility: "fcntl-lock" },
  { facility: "ofd-lock" },
  { facility: "flock" },
];

for (const lock of HOLDERS) {
  Deno.test(`${lock.facility}: becomes free when its holder is killed`, async () => {
    const setting = { ...lock, capability: "lock", participants: "process" } as const;
    await withCompany(setting, async ({ start, told, memory: { words } }) => {
      const holder = start("hold", "initiator", 0);
      const next = start("wait-once", "peer", 1);
      await told(WORD.about);
      await inState(next.pid, "S");
      assertEquals(words[WORD.counter], 0);
      holder.kill("SIGKILL");
      assertEquals(await next.report, null);
      assertEquals(words[WORD.counter], 1);
      assertEquals(await holder.report, undefined);
    });
  });
}
