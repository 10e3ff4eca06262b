import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { benjaminiHochberg, holm } from "../../../../workloads/runner/statistics.ts";

/** The 15 p-values of the example in Benjamini and Hochberg 1995, section 4, in another order. */
const published = [
  0.0344,
  0.0001,
  0.0004,
  0.0019,
  1,
  0.0095,
  0.0201,
  0.7590,
  0.0278,
  0.0298,
  0.0459,
  0.3240,
  0.4262,
  0.5719,
  0.6528,
];

function assertAllAlmostEqual(actual: number[], expected: number[]) {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i]!, 1e-12));
}

Deno.test("Holm's adjustment agrees with R's p.adjust", () => {
  assertAllAlmostEqual(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
  assertAllAlmostEqual(holm([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.08, 0.09, 0.09, 0.09]);
  assertAllAlmostEqual(holm([0.6, 0.7]), [1, 1]);
  assertEquals(holm([]), []);
});

Deno.test("of the published 15, Holm rejects three and Benjamini–Hochberg four", () => {
  const kept = (adjusted: number[]) => published.filter((_, i) => adjusted[i]! <= 0.05);
  assertEquals(kept(holm(published)), [0.0001, 0.0004, 0.0019]);
  assertEquals(kept(benjaminiHochberg(published)), [0.0001, 0.0004, 0.0019, 0.0095]);
});

Deno.test("Benjamini–Hochberg agrees with SciPy 1.17", () => {
  assertAllAlmostEqual(
    benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.2]),
    [0.025, 0.05, 0.05, 0.025, 0.2],
  );
});

Deno.test("what is no p-value is refused", () => {
  for (const wrong of [-0.1, 1.1, NaN]) {
    assertThrows(() => holm([0.5, wrong]), RangeError, `adjust ${wrong}`);
    assertThrows(() => benjaminiHochberg([wrong]), RangeError, `adjust ${wrong}`);
  }
});
