import { together } from "../together.ts";

for (const participants of ["process", "thread"] as const) {
  Deno.test(`eventfd: every message arrives, in order, by ${participants}`, async () => {
    await together({ facility: "eventfd", capability: "channel", participants }, "stream", 100_000);
  });
}
