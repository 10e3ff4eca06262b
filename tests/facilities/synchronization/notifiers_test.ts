// @gate alone

import { together } from "../together.ts";

const NOTIFIERS = [
  { facility: "standard-signal" },
  { facility: "realtime-signal" },
  { facility: "sysv-semaphore" },
  { facility: "posix-named-semaphore" },
  { facility: "posix-unnamed-semaphore" },
  { facility: "condition-variable" },
  { facility: "eventfd", variant: "counter" },
  { facility: "eventfd", variant: "semaphore" },
  { facility: "futex" },
];

for (const notifier of NOTIFIERS) {
  const name = [notifier.facility, notifier.variant].filter(Boolean).join(" ");
  for (const participants of ["process", "thread"] as const) {
    for (const count of [2, 1]) {
      Deno.test(`${name}: ${count} by ${participants} take turns`, async () => {
        await together(
          { ...notifier, capability: "notifier", participants, count },
          "hand-off",
          5_000,
        );
      });
    }
  }
}
