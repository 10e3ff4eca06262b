import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../../workloads/runner/random.ts";
import { changePoints, drift } from "../../../../workloads/runner/statistics.ts";

/** An order of 1 ... n whose Kendall S is the one asked for. */
function orderWithS(n: number, s: number): number[] {
  let inversions = (n * (n - 1) / 2 - s) / 2;
  const order: number[] = [];
  for (let value = 1; value <= n; value++) {
    const back = Math.min(inversions, order.length);
    inversions -= back;
    order.splice(order.length - back, 0, value);
  }
  return order;
}

Deno.test("Mann–Kendall agrees with the published table", () => {
  // Upper tails: Hollander and Wolfe 1999, table A30; Gilbert 1987, table A18.
  const table = [
    [4, 4, 0.167],
    [4, 6, 0.042],
    [5, 8, 0.042],
    [5, 10, 0.0083],
    [6, 15, 0.0014],
    [8, 16, 0.031],
    [9, 18, 0.038],
    [10, 21, 0.036],
    [10, 23, 0.023],
  ] as const;
  for (const [n, s, tail] of table) {
    const rising = drift(orderWithS(n, s));
    assertEquals([rising.statistic, rising.method], [s, "exact"]);
    assertAlmostEquals(rising.p, 2 * tail, 0.0011, `n ${n}, S ${s}`);
    const falling = drift(orderWithS(n, s).map((value) => -value));
    assertEquals([falling.statistic, falling.p], [-s, rising.p]);
  }
});

Deno.test("drift agrees with SciPy 1.17 and states its size", () => {
  assertAlmostEquals(drift([5, 3, 6, 7, 8, 6.5, 9, 10]).p, 0.005505952380952381, 1e-12);
  assertEquals(drift([1, 2, 3, 4, 100]).change, 4);
  assertAlmostEquals(drift([9, 8, 7, 6]).change, -3, 1e-12);
});

Deno.test("drift with ties follows Kendall's variance, and nothing drifts without change", () => {
  // S = 45 of 55 pairs, two pairs tied: variance (11·10·27 − 2·2·1·9) / 18 = 163.
  const test = drift([5, 3, 6, 6, 8, 7, 9, 10, 9, 12, 11]);
  assertEquals([test.statistic, test.method], [45, "normal"]);
  assertAlmostEquals(test.p, 0.0005682, 1e-6);
  assertEquals(drift([4, 4, 4, 4]).p, 1);
  assertEquals(drift([4]).p, 1);
});

/** Yearly flow of the Nile at Aswan, 10⁸ m³, 1871 to 1970. */
// deno-fmt-ignore
const nile = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180,
  799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833,
  701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845,
  864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649,
  846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815,
  1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
];

Deno.test("the Nile changes once, after 1898", () => {
  // Cobb, Biometrika 65, 1978, and many since.
  const found = changePoints(nile, createRandom(1));
  assertEquals(found.map(({ index }) => 1871 + index), [1899]);
  assert(found[0]!.p <= 0.01);
  assertEquals([found[0]!.before, found[0]!.after], [1130, 842.5]);
});

Deno.test("planted steps are found where they are, up and down, and an outlier is none", () => {
  const random = createRandom(2);
  const level = [10, 11.5, 10];
  const series = Array.from({ length: 60 }, (_, i) => level[Math.floor(i / 20)]! + random.next());
  series[7] = 25;
  assertEquals(changePoints(series, random).map(({ index }) => index), [20, 40]);
});

Deno.test("series without a change alarm as often as the level says", () => {
  const random = createRandom(3);
  let alarms = 0;
  for (let i = 0; i < 200; i++) {
    const series = Array.from({ length: 30 }, random.next);
    if (changePoints(series, random, { permutations: 99 }).length > 0) alarms++;
  }
  // 10 of 200 are expected; 99.9 % lie within 3 and 21.
  assert(alarms >= 3 && alarms <= 21, `${alarms} of 200 at 5 %`);
});

Deno.test("short series hold no change", () => {
  const random = createRandom(4);
  assertEquals(changePoints([], random), []);
  assertEquals(changePoints([1, 1, 1, 1, 9, 9, 9, 9, 9], random), []);
  assertEquals(changePoints([1, 1, 1, 1, 1, 9, 9, 9, 9, 9], random).map(({ index }) => index), [5]);
  for (const level of [4_334.4, 4_338.7, 4_347.3]) {
    assertEquals(changePoints(Array<number>(20).fill(Math.log(level)), random), []);
  }
  assertThrows(() => changePoints([1], random, { shortest: 1 }), RangeError, "2 is the least");
});
