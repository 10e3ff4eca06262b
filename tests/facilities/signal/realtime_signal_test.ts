// @gate both alone

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { readText } from "../../../facilities/libc/files.ts";
import {
  blockSignals,
  discardPending,
  signalSet,
  SIGRTMAX,
} from "../../../facilities/libc/signal.ts";
import { resourceLimit, RLIMIT, setResourceLimit } from "../../../facilities/libc/sys_resource.ts";
import { getpid, getppid } from "../../../facilities/libc/unistd.ts";
import { facility } from "../../../facilities/signal/realtime_signal.ts";
import { amount } from "../../extent.ts";
import { checkRows } from "../rows.ts";
import { together, withCompany } from "../together.ts";

/** How many signals are queued for this user's processes, which count together. */
function queuedNow(): number {
  return Number(/^SigQ:\s*(\d+)/m.exec(readText("/proc/self/status"))![1]);
}

/** Does it where at most `most` signals may be queued. */
async function withPendingLimit(most: number, act: () => void | Promise<void>): Promise<void> {
  const { soft, hard } = resourceLimit(RLIMIT.SIGPENDING);
  setResourceLimit(RLIMIT.SIGPENDING, most, hard);
  try {
    await act();
  } finally {
    setResourceLimit(RLIMIT.SIGPENDING, soft, hard);
  }
}

for (const participants of ["process", "thread"] as const) {
  Deno.test(`realtime-signal: every int arrives, in order, by ${participants}`, async () => {
    await together(
      { facility: "realtime-signal", capability: "channel", participants },
      "stream",
      amount(5_000, 100_000),
    );
  });

  Deno.test(`realtime-signal: few may be queued, and every int arrives, by ${participants}`, async () => {
    await withPendingLimit(queuedNow() + 64, async () => {
      await together(
        { facility: "realtime-signal", capability: "channel", participants },
        "stream",
        10_000,
      );
    });
  });
}

Deno.test("a signal carries four bytes and refuses five", async () => {
  await withCompany(
    { facility: "realtime-signal", capability: "channel", participants: "thread", count: 1 },
    async ({ created }) => {
      using channel = await facility.channel!.attach(created.link, "solo");
      channel.prepare(4);
      channel.outgoing().bytes.set([0xff, 0, 0x80, 0x7f]);
      channel.send(4);
      assertEquals([...channel.receive(4).bytes], [0xff, 0, 0x80, 0x7f]);
      assertThrows(() => channel.prepare(5), RangeError, "at most 4");
    },
  );
});

Deno.test("sigqueue and kill fail as documented", async () => {
  const self = getpid();
  const signal = SIGRTMAX;
  blockSignals([signal]);
  await checkRows([
    { call: "kill", args: [0x7fff_ffff, 0], errno: "ESRCH" },
    { call: "kill", args: [self, SIGRTMAX + 1], errno: "EINVAL" },
    { call: "kill", args: [self, 0], errno: null },
    { call: "kill", args: [getppid(), 0], errno: "EPERM", who: "nobody" },
    { call: "sigqueue", args: [self, SIGRTMAX + 1], errno: "EINVAL" },
    { call: "sigqueue", args: [getppid(), 0], errno: "EPERM", who: "nobody" },
  ]);
});

Deno.test("realtime signals queue: three posts are three signals", async () => {
  await withCompany(
    { facility: "realtime-signal", capability: "notifier", participants: "thread", count: 1 },
    async ({ created }) => {
      using notifier = await facility.notifier!.attach(created.link, "solo");
      for (let post = 0; post < 3; post++) notifier.post();
      notifier.wait();
      assertEquals(discardPending(signalSet(created.link.post)), 2);
    },
  );
});

Deno.test("a full queue of signals refuses more, and too short a one is said to be", async () => {
  blockSignals([SIGRTMAX]);
  assertEquals(facility.inapplicable!("process"), null);
  await withPendingLimit(0, async () => {
    await checkRows([{ call: "sigqueue", args: [getpid(), SIGRTMAX], errno: "EAGAIN" }]);
    assertMatch(`${facility.inapplicable!("process")}`, /RLIMIT_SIGPENDING is 0.*ulimit -i/);
  });
  discardPending(signalSet(SIGRTMAX));
});
