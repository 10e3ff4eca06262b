import { assertAlmostEquals, assertThrows } from "@std/assert";
import { studentCdf, studentQuantile } from "../../../../workloads/runner/statistics/student.ts";

/** Percentage points of Fisher and Yates, "Statistical Tables", table III. */
const TABLE: [df: number, p: number, t: number][] = [
  [1, 0.975, 12.706],
  [2, 0.975, 4.303],
  [3, 0.975, 3.182],
  [4, 0.975, 2.776],
  [5, 0.995, 4.032],
  [8, 0.995, 3.355],
  [9, 0.95, 1.833],
  [10, 0.9995, 4.587],
  [30, 0.975, 2.042],
  [120, 0.975, 1.980],
];

Deno.test("quantiles of Student's t are those of the published table", () => {
  for (const [df, p, t] of TABLE) {
    assertAlmostEquals(studentQuantile(p, df), t, 5.1e-4);
    assertAlmostEquals(studentQuantile(1 - p, df), -t, 5.1e-4);
    assertAlmostEquals(studentCdf(studentQuantile(p, df), df), p, 1e-12);
  }
});

Deno.test("degrees of freedom are whole, probabilities lie inside", () => {
  for (const df of [0, -1, 2.5, NaN]) assertThrows(() => studentCdf(1, df), RangeError);
  for (const p of [0, 1, NaN]) assertThrows(() => studentQuantile(p, 3), RangeError);
});
