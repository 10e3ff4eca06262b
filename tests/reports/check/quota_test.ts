import { assertEquals } from "@std/assert";
import { judge } from "../../../reports/check/judge.ts";
import { outcomeOf } from "../../../reports/check/verdict.ts";
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { warning } from "../../../workloads/runner/warning.ts";
import { Source } from "./synthetic.ts";

const MARK = warning("quota-ran-out", "the CPU quota ran out 3 times, for 0.100 s in all");

/** The run as it were, had the quota run out during every `nth` trial. */
function throttled(run: RunDocument, nth: number): RunDocument {
  const cells = run.cells.map((cell) =>
    cell.status !== "measured" ? cell : {
      ...cell,
      trials: cell.trials.map((trial, at) => at % nth === 0 ? { ...trial, marks: [MARK] } : trial),
    }
  );
  return { ...run, cells };
}

Deno.test("a candidate whose CPU quota ran out is another machine, unless the baseline's did", () => {
  const source = new Source(1, { runSpread: 0.01, trialSpread: 0.02 });
  const baseline = source.baseline();
  const candidate = source.run();
  const verdictOf = (before: RunDocument[], now: RunDocument) => {
    const { verdict, reasons } = outcomeOf(judge(before, now, { threshold: 0.1 }), [], null);
    return [verdict, reasons[0]!.split(" trials")[0]];
  };
  assertEquals(verdictOf(baseline, candidate)[0], "pass");
  const [verdict, reason] = verdictOf(baseline, throttled(candidate, 2));
  assertEquals(verdict, "inconclusive");
  assertEquals(reason?.startsWith("the machine has changed: the CPU quota ran out during"), true);
  const alike = baseline.map((run) => throttled(run, 2));
  assertEquals(verdictOf(alike, throttled(candidate, 2))[0], "pass");
});
