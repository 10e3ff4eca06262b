import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { judge, suspectsOf } from "../../../reports/check/judge.ts";
import { setAgainstOwnControl } from "../../../reports/check/own_control.ts";
import type { Cost } from "../../../reports/check/sample.ts";
import { createRandom, type Random } from "../../../workloads/runner/random.ts";
import { median } from "../../../workloads/runner/statistics.ts";
import { cellId, Source } from "./synthetic.ts";

const random = createRandom(1);

function normal(source: Random): number {
  return Array.from({ length: 12 }, () => source.next()).reduce((sum, each) => sum + each, -6);
}

/** Costs that follow their control with a slope, but for some noise. */
function costs(
  { count = 40, speeds = [1, 1.6], slope = 0.8, noise = 0.02, times = 1, control = true },
): Cost[] {
  return Array.from({ length: count }, () => {
    const speed = speeds[random.integer(speeds.length)]! * Math.exp(0.05 * normal(random));
    return {
      cost: 1_000 * times * speed ** slope * Math.exp(noise * normal(random)),
      run: 0,
      trial: {
        ...{ estimate: 1, operations: 1, seconds: 1, cpus: [0], startNs: 0, batch: 1 },
        ...(control &&
          { controls: { clockNs: [30, 30], syscallNs: [250 * speed, 250 * speed] } }),
      } as Cost["trial"],
    };
  });
}

const middle = (of: readonly Cost[]) => median(of.map(({ cost }) => cost));

Deno.test("what the control tells is taken out of both sides, and nothing else is", () => {
  for (const times of [1, 1.15]) {
    const found = setAgainstOwnControl(
      costs({ speeds: [1, 1, 1, 1.6] }),
      costs({ speeds: [1, 1.6, 1.6, 1.6], times }),
    )!;
    assertEquals(found.own.map(({ control }) => control), ["syscallNs"]);
    assertAlmostEquals(found.own[0]!.slope, 0.8, 0.05);
    assertAlmostEquals(middle(found.candidate) / middle(found.baseline), times, 0.02);
  }
});

Deno.test("where the control tells nothing, figures stay as they are", () => {
  const of = (options: Parameters<typeof costs>[0]) =>
    setAgainstOwnControl(costs(options), costs(options));
  assertEquals(of({ slope: 0 }), null, "figures that do not follow it");
  assertEquals(of({ slope: -0.8 }), null, "figures that go the other way");
  assertEquals(of({ noise: 0.5 }), null, "figures that hardly follow it");
  assertEquals(of({ speeds: [1], slope: 0.2, noise: 0.05 }), null, "a machine of one state");
  assertEquals(of({ count: 8 }), null, "too few trials");
  assertEquals(of({ control: false }), null, "trials without a control");
});

Deno.test("a trial whose control the baseline never saw is left out", () => {
  const candidate = [...costs({ count: 10 }), ...costs({ count: 5, speeds: [4] })];
  assertEquals(setAgainstOwnControl(costs({}), candidate)!.candidate.length, 10);
  // Two strays do not speak for a whole run.
  const strays = [...costs({}), ...costs({ count: 2, speeds: [4] })];
  assertEquals(setAgainstOwnControl(strays, candidate)!.candidate.length, 10);
});

Deno.test("a machine that changes from trial to trial: slow-downs are found, others are not", () => {
  const slow = [cellId(0), cellId(3)];
  let found = 0;
  let wrong = 0;
  const seeds = 20;
  for (let seed = 0; seed < seeds; seed++) {
    const source = new Source(seed, {
      ...{ states: [1, 1.2, 1.4, 1.7], runSpread: 0.01, trialSpread: 0.02, trials: 10 },
    });
    const judgement = judge(source.baseline(), source.run({ times: 1.2, slow }), {
      threshold: 0.1,
    });
    const suspects = suspectsOf(judgement);
    found += suspects.filter(({ id, direction }) => slow.includes(id) && direction === "slower")
      .length;
    wrong += suspects.filter(({ id }) => !slow.includes(id)).length;
    assert(judgement.judged.every(({ own, state }) => own !== null && state === null));
  }
  assert(found >= 0.95 * 2 * seeds, `${found} of ${2 * seeds}`);
  assert(wrong <= 0.01 * 38 * seeds, `${wrong} of ${38 * seeds}`);
});
