import { assert, assertEquals, assertGreater } from "@std/assert";
import { fromFileUrl } from "../paths.ts";

const PROGRAM = fromFileUrl(import.meta.resolve("./after_dispose.ts"));

/** What works with descriptors, ids or memory of its own that the collector keeps: nothing is unmapped. */
const WITHOUT_MAPPING = new RegExp(
  `^(${
    [
      ...["pipe notifier", "fifo notifier", "standard-signal", "realtime-signal", "sysv-semaphore"],
      ...["fcntl-lock", "ofd-lock", "flock", "eventfd", "shared-variable [a-z-]+ (notifier|lock)"],
      // The payload as such: its pointer and its bytes are gone.
      ...["(udp|sysv-message-queue) channel outgoing"],
    ].join("|")
  })`,
);

Deno.test("no use of what was disposed reaches memory that is gone, in any facility", async () => {
  const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", PROGRAM],
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
  const told = `${lines.at(-1)?.what}: ${new TextDecoder().decode(stderr)}`;
  assertEquals([code, signal], [0, null], told);
  const outcomes: { what: string; outcome: string }[] = lines.filter((line) => "outcome" in line);
  const mapped = outcomes.filter(({ what }) => !WITHOUT_MAPPING.test(what));
  assertGreater(mapped.length, 60);
  for (const { what, outcome } of mapped) {
    const clear = outcome === "Cannot use native memory: it was disposed; keep its owner alive";
    assert(
      clear || /^Cannot perform Atomics\.\w+ on a detached/.test(outcome),
      `${what}: ${outcome}`,
    );
  }
});
