import { assert, assertEquals } from "@std/assert";
import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { curvesOf } from "../../../reports/html/curves.ts";
import type { MeasuredCell } from "../../../workloads/runner/document.ts";
import { createRandom } from "../../../workloads/runner/random.ts";

Deno.test("a quantile curve holds what the histogram says of each share it has operations for", () => {
  const random = createRandom(5);
  for (const [operations, shares] of [[1, 0], [63, 4], [1_000, 7], [250_000, 10]] as const) {
    const histogram = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: 6e10,
      numberOfSignificantValueDigits: 3,
    });
    for (let i = 0; i < operations; i++) {
      histogram.recordValue(Math.ceil(4_000 * Math.exp(-Math.log(1 - random.next()))));
    }
    const cell = {
      id: "cell",
      status: "measured",
      histogram: encodeIntoCompressedBase64(histogram),
    } as MeasuredCell;
    const curve = curvesOf([cell]).cell!;
    assertEquals(curve.length, shares);
    for (const [share, ns] of curve) {
      assert((1 - share) * operations >= 1);
      assertEquals(ns, histogram.getValueAtPercentile(share * 100), `${share} of ${operations}`);
    }
  }
});

Deno.test("a broken histogram has no curve", () => {
  assertEquals(curvesOf([{ id: "x", status: "measured", histogram: "AAAA" } as MeasuredCell]), {});
});
