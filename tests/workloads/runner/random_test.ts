import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createRandom, fromState } from "../../../workloads/runner/random.ts";

Deno.test("xoshiro128** gives the words of its reference implementation", () => {
  // xoshiro128starstar.c 1.1 from the state {1, 2, 3, 4}.
  const random = fromState([1, 2, 3, 4]);
  assertEquals(Array.from({ length: 10 }, () => random.uint32()), [
    11520,
    0,
    5927040,
    70819200,
    2031721883,
    1637235492,
    1287239034,
    3734860849,
    3729100597,
    4258142804,
  ]);
});

Deno.test("the state comes from SplitMix64", () => {
  // splitmix64.c from 1234567: 6457827717110365317, 3203168211198807973.
  const words = [6457827717110365317n, 3203168211198807973n]
    .flatMap((word) => [Number(word & 0xffffffffn), Number(word >> 32n)]);
  const expected = fromState(words as [number, number, number, number]);
  const random = createRandom(1234567);
  for (let i = 0; i < 100; i++) assertEquals(random.uint32(), expected.uint32());
});

Deno.test("one seed gives one order, another seed another", () => {
  const order = (seed: number) =>
    createRandom(seed).shuffle(Array.from({ length: 50 }, (_, i) => i));
  assertEquals(order(7), order(7));
  assertNotEquals(order(7), order(8));
  assertEquals(order(7).toSorted((a, b) => a - b), Array.from({ length: 50 }, (_, i) => i));
});

Deno.test("every order of four is as likely", () => {
  const random = createRandom(1);
  const seen = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = random.shuffle(["a", "b", "c", "d"]).join("");
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  assertEquals(seen.size, 24);
  const chiSquare = [...seen.values()].reduce(
    (sum, count) => sum + (count - 1_000) ** 2 / 1_000,
    0,
  );
  assert(chiSquare < 49.7, `chi-square ${chiSquare} of 23 degrees: 0.1 % lie above 49.7`);
});

Deno.test("numbers are uniform and stay below 1", () => {
  const random = createRandom(2);
  const bins = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const value = random.next();
    assert(value >= 0 && value < 1);
    bins[Math.floor(value * 10)]!++;
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert(chiSquare < 27.9, `chi-square ${chiSquare} of 9 degrees: 0.1 % lie above 27.9`);
});

Deno.test("whole numbers are fair where the range does not divide 2^32", () => {
  const random = createRandom(3);
  const below = 3 * 2 ** 30;
  let lower = 0;
  for (let i = 0; i < 30_000; i++) if (random.integer(below) < 2 ** 30) lower++;
  // A plain remainder would put half of them, not a third, into the lowest third.
  assert(Math.abs(lower - 10_000) < 350, `${lower} of 30000 in the lowest third`);
});

Deno.test("a seed or a range that is none is refused", () => {
  for (const seed of [-1, 1.5, NaN, 2 ** 53]) {
    assertThrows(() => createRandom(seed), RangeError, `Cannot seed with ${seed}`);
  }
  for (const below of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
    assertThrows(() => createRandom(1).integer(below), RangeError, `Cannot draw below ${below}`);
  }
});
