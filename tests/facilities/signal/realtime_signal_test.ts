import { together } from "../together.ts";

for (const participants of ["process", "thread"] as const) {
  Deno.test(`realtime-signal: every int arrives, in order, by ${participants}`, async () => {
    await together(
      { facility: "realtime-signal", capability: "channel", participants },
      "stream",
      100_000,
    );
  });
}
