// @gate both alone

import { STRATEGIES } from "../../../../facilities/communication/shared_memory/waiting.ts";
import { amount } from "../../../extent.ts";
import { together } from "../../together.ts";

for (const { id, title } of STRATEGIES) {
  for (const participants of ["process", "thread"] as const) {
    Deno.test(`every message crosses shared memory, waiting by ${title}, by ${participants}`, async () => {
      await together(
        {
          facility: "posix-shared-memory",
          capability: "channel",
          participants,
          options: { wait: id },
        },
        "stream",
        amount(2_000, 20_000),
      );
    });
  }
}
