import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { median, outliers, quantile } from "../../../../workloads/runner/statistics.ts";

Deno.test("the median is the middle, or the mean of the two middle values", () => {
  assertEquals(median([3]), 3);
  assertEquals(median([9, 1, 5]), 5);
  assertEquals(median([4, 1, 3, 2]), 2.5);
  assertEquals(median(new Float64Array([7, 7, 1, 9])), 7);
  assertThrows(() => median([]), RangeError, "no values");
});

Deno.test("quantiles are of type 7", () => {
  // R: quantile(c(2, 3, 5, 7, 11, 13), c(0, .1, .25, .5, .9, 1))
  const values = [13, 2, 7, 3, 11, 5];
  const rows = [[0, 2], [0.1, 2.5], [0.25, 3.5], [0.5, 6], [0.9, 12], [1, 13]] as const;
  for (const [p, expected] of rows) assertAlmostEquals(quantile(values, p), expected, 1e-12);
  assertEquals(values, [13, 2, 7, 3, 11, 5], "the argument stays as it was");
  assertThrows(() => quantile(values, 1.1), RangeError, "1.1");
  assertThrows(() => quantile([], 0.5), RangeError, "no values");
});

Deno.test("outliers are labelled in place and none is dropped", () => {
  // Quartiles 11.75 and 15.25: inner fences 6.5 and 20.5, outer fences 1.25 and 25.75.
  assertEquals(
    outliers([10, 11, 12, 13, 14, 15, 16, 26]),
    ["inside", "inside", "inside", "inside", "inside", "inside", "inside", "far out"],
  );
  assertEquals(outliers([10, 11, 12, 13, 14, 15, 16, 21]).at(-1), "outside");
  assertEquals(outliers([10, 11, 12, 13, 14, 15, 16, 20.5]).at(-1), "inside");
  assertEquals(outliers([-9, 11, 12, 13, 14, 15, 16, 17])[0], "far out");
  assertEquals(outliers([]), []);
});
