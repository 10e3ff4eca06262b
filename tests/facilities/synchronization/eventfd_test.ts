// @gate both alone

import { assertEquals, assertThrows } from "@std/assert";
import {
  EFD_CLOEXEC,
  EFD_NONBLOCK,
  EFD_SEMAPHORE,
  eventfd,
} from "../../../facilities/libc/sys_eventfd.ts";
import { resourceLimit, RLIMIT, setResourceLimit } from "../../../facilities/libc/sys_resource.ts";
import { close } from "../../../facilities/libc/unistd.ts";
import { facility } from "../../../facilities/synchronization/eventfd.ts";
import { amount } from "../../extent.ts";
import { checkRows } from "../rows.ts";
import { together, withCompany } from "../together.ts";

for (const participants of ["process", "thread"] as const) {
  Deno.test(`eventfd: every message arrives, in order, by ${participants}`, async () => {
    await together(
      { facility: "eventfd", capability: "channel", participants },
      "stream",
      amount(5_000, 100_000),
    );
  });
}

Deno.test("an eventfd carries seven bytes and refuses eight", async () => {
  await withCompany(
    { facility: "eventfd", capability: "channel", participants: "process", count: 1 },
    async ({ created }) => {
      using channel = await facility.channel!.attach(created.link, "solo");
      channel.prepare(7);
      const message = [0, 1, 2, 0xff, 0, 0, 0x80];
      channel.outgoing().bytes.set(message);
      channel.send(7);
      assertEquals([...channel.receive(7).bytes.subarray(0, 7)], message);
      assertThrows(() => channel.prepare(8), RangeError, "at most 7");
    },
  );
});

Deno.test("eventfd calls fail as documented", async () => {
  const counter = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  const each = eventfd(2, EFD_NONBLOCK | EFD_CLOEXEC | EFD_SEMAPHORE);
  try {
    await checkRows([
      { call: "eventfd", args: [0, 8], errno: "EINVAL" },
      { call: "read", args: [counter, 8], errno: "EAGAIN" },
      { call: "write", args: [counter, -1, -1], errno: "EINVAL" },
      { call: "write", args: [counter, -2, -1], errno: null },
      { call: "write", args: [counter, 1, 0], errno: "EAGAIN" },
      { call: "read", args: [counter, 4], errno: "EINVAL" },
      { call: "read", args: [counter, 8], errno: null },
      { call: "write", args: [counter, 0, 1 << 31], errno: null },
      { call: "write", args: [counter, 0, 1 << 31], errno: "EAGAIN" },
      { call: "read", args: [each, 8], errno: null },
      { call: "read", args: [each, 8], errno: null },
      { call: "read", args: [each, 8], errno: "EAGAIN" },
    ]);
  } finally {
    close(counter);
    close(each);
  }
});

Deno.test("no eventfd where no descriptor is left", async () => {
  const { soft, hard } = resourceLimit(RLIMIT.NOFILE);
  setResourceLimit(RLIMIT.NOFILE, 3, hard);
  try {
    await checkRows([{ call: "eventfd", args: [0, 0], errno: "EMFILE" }]);
  } finally {
    setResourceLimit(RLIMIT.NOFILE, soft, hard);
  }
});
