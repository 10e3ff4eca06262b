// @gate alone

import { assertEquals } from "@std/assert";
import { discardPending, signalSet, SIGUSR1 } from "../../../facilities/libc/signal.ts";
import { facility } from "../../../facilities/signal/standard_signal.ts";
import { withCompany } from "../together.ts";

Deno.test("standard signals coalesce: three posts are one signal", async () => {
  await withCompany(
    { facility: "standard-signal", capability: "notifier", participants: "thread", count: 1 },
    async ({ created }) => {
      using notifier = await facility.notifier!.attach(created.link, "solo");
      for (let post = 0; post < 3; post++) notifier.post();
      notifier.wait();
      assertEquals(discardPending(signalSet(SIGUSR1)), 0);
    },
  );
});
