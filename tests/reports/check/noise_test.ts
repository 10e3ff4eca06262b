import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { noiseFloors } from "../../../reports/check/noise.ts";
import { Source } from "./synthetic.ts";

Deno.test("one run tells nothing of how runs differ", () => {
  assertEquals(noiseFloors([{ id: "a", runs: [[1, 2, 3]] }]), new Map());
});

Deno.test("a floor is the prediction interval by hand, where each run has one figure", () => {
  // Equal variances: shrinking changes only the degrees of freedom, 4 + 4; t 0.975 is 2.306.
  const runs = [[0.01], [-0.01], [0.02], [-0.02], [0]];
  const floors = noiseFloors([{ id: "a", runs }, { id: "b", runs }]);
  const expected = Math.exp(2.306 * Math.sqrt(0.00025 * 1.2));
  assertAlmostEquals(floors.get("a")!, expected, 1e-5);
  assertEquals(floors.get("a"), floors.get("b"));
});

Deno.test("what trials within runs explain is no difference between runs", () => {
  const random = new Source(1);
  const spreads = Array.from({ length: 200 }, (_, index) => ({
    id: String(index),
    runs: Array.from(
      { length: 5 },
      () => Array.from({ length: 20 }, () => 0.1 * random.normal()),
    ),
  }));
  const floors = [...noiseFloors(spreads).values()].sort((a, b) => a - b);
  assert(floors[100]! < 1.03, `${floors[100]}`);
});

Deno.test("a new run stays within its floor as often as it says", () => {
  const random = new Source(2);
  const spread = 0.05;
  let beyond = 0;
  const sets = 60;
  const cells = 40;
  for (let set = 0; set < sets; set++) {
    const spreads = Array.from({ length: cells }, (_, index) => ({
      id: String(index),
      runs: Array.from({ length: 5 }, () => [spread * random.normal()]),
    }));
    const floors = noiseFloors(spreads, 0.95);
    for (const { id, runs } of spreads) {
      const centre = runs.flat().reduce((sum, value) => sum + value, 0) / 5;
      if (Math.abs(spread * random.normal() - centre) > Math.log(floors.get(id)!)) beyond++;
    }
  }
  const share = beyond / (sets * cells);
  assert(share > 0.03 && share < 0.07, `${share}`);
});

Deno.test("few runs, or a lucky streak, make no absurd floor", () => {
  const usual = Array.from({ length: 20 }, (_, index) => ({
    id: String(index),
    runs: [[0.02], [-0.02], [0.01], [-0.01], [0]],
  }));
  const floors = noiseFloors([
    ...usual,
    { id: "two", runs: [[0.02], [-0.02]] },
    { id: "lucky", runs: [[0], [0], [0], [0], [0]] },
  ]);
  assert(floors.get("two")! < 1.12, `${floors.get("two")}`);
  assert(floors.get("lucky")! > 1.02, `${floors.get("lucky")}`);
});
