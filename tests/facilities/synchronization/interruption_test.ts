// @gate alone

import { assertEquals } from "@std/assert";
import { tell, WORD } from "../participant.ts";
import { inState, withCompany } from "../together.ts";

const BLOCKING = [
  { facility: "standard-signal", capability: "notifier" },
  { facility: "realtime-signal", capability: "notifier" },
  { facility: "sysv-semaphore", capability: "notifier" },
  { facility: "posix-named-semaphore", capability: "notifier" },
  { facility: "posix-unnamed-semaphore", capability: "notifier" },
  { facility: "condition-variable", capability: "notifier" },
  { facility: "eventfd", capability: "notifier" },
  { facility: "futex", capability: "notifier" },
  { facility: "sysv-semaphore", capability: "lock" },
  { facility: "fcntl-lock", capability: "lock" },
  { facility: "ofd-lock", capability: "lock" },
  { facility: "flock", capability: "lock" },
  { facility: "mutex", capability: "lock" },
  { facility: "futex", capability: "lock" },
] as const;

// Some calls return EINTR when their process is stopped and continued, with no handler installed.
for (const each of BLOCKING) {
  Deno.test(`${each.facility}: a stopped and continued ${each.capability} waits on`, async () => {
    const setting = { ...each, participants: "process" } as const;
    await withCompany(setting, async ({ start, told, memory }) => {
      const holder = start("hold", "initiator", 0);
      const waiter = start("wait-once", "peer", 1);
      await told(WORD.about);
      await inState(waiter.pid, "S");
      waiter.kill("SIGSTOP");
      await inState(waiter.pid, "T");
      waiter.kill("SIGCONT");
      await inState(waiter.pid, "S");
      assertEquals(memory.words[WORD.counter], 0);
      tell(memory, WORD.letGo);
      assertEquals(await Promise.all([holder.report, waiter.report]), [null, null]);
      assertEquals(memory.words[WORD.counter], 1);
    });
  });
}
