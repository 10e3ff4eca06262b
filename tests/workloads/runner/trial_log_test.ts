import { assertEquals } from "@std/assert";
import type { Trial } from "../../../workloads/runner/document.ts";
import { TrialLog } from "../../../workloads/runner/trial_log.ts";

Deno.test("a log gives back the trials that went in, however many", () => {
  const log = new TrialLog();
  const trials: Trial[] = Array.from({ length: 23 }, (_, index) => ({
    estimate: 4_567.25 + index,
    operations: 2 ** 40 + index,
    seconds: 0.0137 * index,
    cpus: index % 5 === 0 ? [1, 0] : [0, 0],
    controls: {
      clockNs: [25.5, 26 + index],
      syscallNs: [170, 171],
      ...(index % 2 === 0 && { spinNs: [129.5, index] as [number, number] }),
    },
    ...(index % 7 === 0 && { marks: [{ code: "steal", text: `mark ${index}` }] }),
  }));
  for (const [index, trial] of trials.entries()) {
    log.push(trial);
    assertEquals(log.length, index + 1);
  }
  assertEquals(log.list(), trials);
  assertEquals(log.list(), trials, "a second time");
});
