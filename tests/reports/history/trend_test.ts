import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { StoredRun, TrendPoint } from "../../../reports/history/store.ts";
import { marksOf, stepsOf } from "../../../reports/history/trend.ts";
import { createRandom } from "../../../workloads/runner/random.ts";
import { Source } from "../check/synthetic.ts";

function storedRun(index: number, facts: Partial<StoredRun> = {}): StoredRun {
  return {
    id: `run-${index}`,
    startedAt: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
    machineKey: "mine",
    hostname: "host",
    kernel: "6.17",
    deno: "2.9.6",
    version: "0.1.0",
    profile: "quick",
    label: null,
    complete: true,
    durationSeconds: 60,
    measured: 1,
    notApplicable: 0,
    failed: 0,
    ...facts,
  };
}

/** Levels with 4 % scatter; facts may depend on the run. */
function points(
  levels: readonly number[],
  seed: number,
  facts: (index: number) => Partial<StoredRun> = () => ({}),
): TrendPoint[] {
  const random = new Source(seed);
  return levels.map((level, index) => ({
    run: storedRun(index, facts(index)),
    estimate: level * Math.exp(0.04 * random.normal()),
    ci95: [0.95 * level, 1.05 * level],
    trials: 6,
  }));
}

const twoLevels = [...Array<number>(15).fill(4_000), ...Array<number>(15).fill(4_800)];

Deno.test("a step is found where it is, with its levels and what changed with it", () => {
  let exact = 0;
  for (let seed = 0; seed < 20; seed++) {
    const series = points(twoLevels, seed, (index) => index < 15 ? {} : { kernel: "6.18" });
    // Of twenty series one may show a step more by chance.
    const step = stepsOf(series, createRandom(seed)).find(({ index }) => Math.abs(index - 15) <= 1);
    assert(step, `seed ${seed}`);
    assertAlmostEquals(step.before, 4_000, 200);
    assertAlmostEquals(step.after, 4_800, 240);
    if (step.index !== 15) continue;
    exact++;
    assertEquals([step.run, step.with], ["run-15", ["kernel 6.17 → 6.18"]]);
  }
  assert(exact >= 15, `${exact} of 20`);
});

Deno.test("a series without a step has none, nor one whose step is too small to matter", () => {
  let found = 0;
  for (let seed = 0; seed < 60; seed++) {
    found += stepsOf(points(Array<number>(30).fill(4_000), seed), createRandom(seed)).length;
  }
  assert(found <= 3, `${found} steps in 60 series without one`);
  const small = points(twoLevels, 1)
    .map((point, index) => ({ ...point, estimate: (index < 15 ? 4_000 : 4_060) + index % 3 }));
  assertEquals(stepsOf(small, createRandom(1)), []);
});

Deno.test("too few runs, or figures of 0, have no step", () => {
  assertEquals(stepsOf(points([4, 4, 4, 4, 9, 9, 9, 9], 1), createRandom(1)), []);
  assertEquals(stepsOf([], createRandom(1)), []);
  const zero = points(twoLevels, 1).map((point) => ({ ...point, estimate: 0 }));
  assertEquals(stepsOf(zero, createRandom(1)), []);
});

Deno.test("marks tell what is not as in the run before", () => {
  const runs = [
    storedRun(0),
    storedRun(1),
    storedRun(2, { kernel: "6.18" }),
    storedRun(3, { kernel: "6.18", deno: "3.0.0", profile: "standard" }),
  ];
  assertEquals(marksOf(runs).map(({ run, facts }) => [run, facts]), [
    ["run-2", ["kernel 6.17 → 6.18"]],
    ["run-3", ["Deno 2.9.6 → 3.0.0", "profile quick → standard"]],
  ]);
  assertEquals(marksOf([]), []);
});
