import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertIsError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertNotStrictEquals,
  assertObjectMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
  unreachable,
} from "@std/assert";
import node from "node:assert/strict";

const cycle = () => {
  const self: Record<string, unknown> = { name: "loop" };
  self["self"] = self;
  return self;
};
const bare = (from: object) => Object.assign(Object.create(null), from);
const three = [1, 2, 3];
const never = () => Promise.reject(new RangeError("out of range"));

/** Each row: what is asserted, an assertion that holds, one that does not. */
const rows: [string, () => unknown, () => unknown][] = [
  ["assert", () => assert(1), () => assert(0)],
  ["assertFalse", () => assertFalse(""), () => assertFalse("no")],
  ["numbers", () => assertEquals(NaN, NaN), () => assertEquals(1, 2)],
  ["zeros", () => assertEquals(-0, 0), () => assertEquals<unknown>(0, null)],
  ["bigints", () => assertEquals(1n, 1n), () => assertEquals<unknown>(1n, 1)],
  [
    "nested",
    () => assertEquals({ a: [1] }, { a: [1] }),
    () => assertEquals({ a: [1] }, { a: [2] }),
  ],
  ["undefined key", () => assertEquals({}, {}), () => assertEquals<unknown>({ a: undefined }, {})],
  ["array length", () => assertEquals([1], [1]), () => assertEquals([1, 2], [1])],
  ["hole", () => assertEquals([, 1], [, 1]), () => assertEquals([, 1], [undefined, 1])],
  ["hole at the end", () => assertEquals([1, ,], [1, ,]), () => assertEquals([1, ,], [1])],
  ["prototype", () => assertEquals(bare({ a: 1 }), { a: 1 }), () => assertEquals<object>([], {})],
  ["bytes", () => assertEquals(view(1, 2), view(1, 2)), () => assertEquals(view(1), view(2))],
  ["view length", () => assertEquals(view(), view()), () => assertEquals(view(1), view(1, 2))],
  ["view type", () => assertEquals(view(1), view(1)), () => assertEquals<object>(view(1), [1])],
  [
    "buffer",
    () => assertEquals(view(1).buffer, view(1).buffer),
    () => assertEquals(view(1).buffer, view(2).buffer),
  ],
  [
    "date",
    () => assertEquals(new Date(1), new Date(1)),
    () => assertEquals(new Date(1), new Date(2)),
  ],
  ["pattern", () => assertEquals(/a/g, /a/g), () => assertEquals(/a/g, /a/i)],
  [
    "url",
    () => assertEquals(new URL("a:b"), new URL("a:b")),
    () => assertEquals(new URL("a:b"), new URL("a:c")),
  ],
  ["error", () => assertEquals(Error("a"), Error("a")), () => assertEquals(Error("a"), Error("b"))],
  [
    "set",
    () => assertEquals(new Set([[1], [2]]), new Set([[2], [1]])),
    () => assertEquals(new Set([1]), new Set([2])),
  ],
  [
    "set of equals",
    () => assertEquals(new Set([[1], [1]]), new Set([[1], [1]])),
    () => assertEquals(new Set([[1], [1]]), new Set([[1], [2]])),
  ],
  [
    "map",
    () => assertEquals(new Map([[{ k: 1 }, [1]]]), new Map([[{ k: 1 }, [1]]])),
    () => assertEquals(new Map([["a", 1]]), new Map([["a", 2]])),
  ],
  [
    "cycle",
    () => assertEquals(cycle(), cycle()),
    () => assertEquals(cycle(), { ...cycle(), name: "line" }),
  ],
  [
    "symbol key",
    () => assertEquals({ [Symbol.iterator]: 1 }, { [Symbol.iterator]: 1 }),
    () => assertEquals({ [Symbol.iterator]: 1 }, { [Symbol.iterator]: 2 }),
  ],
  ["assertNotEquals", () => assertNotEquals([1], [2]), () => assertNotEquals([1], [1])],
  [
    "assertStrictEquals",
    () => assertStrictEquals(three, three),
    () => assertStrictEquals([...three], three),
  ],
  ["strict zeros", () => assertStrictEquals(0, 0), () => assertStrictEquals(0, -0)],
  [
    "assertNotStrictEquals",
    () => assertNotStrictEquals([...three], three),
    () => assertNotStrictEquals(three, three),
  ],
  [
    "assertAlmostEquals",
    () => assertAlmostEquals(1, 1.00000001),
    () => assertAlmostEquals(1, 1.0001),
  ],
  ["tolerance", () => assertAlmostEquals(1, 1.5, 0.5), () => assertAlmostEquals(1, 1.5, 0.4)],
  ["not a number", () => assertAlmostEquals(NaN, NaN), () => assertAlmostEquals(NaN, 1, 1e9)],
  ["assertExists", () => assertExists(0), () => assertExists(null)],
  ["assertGreater", () => assertGreater(2, 1), () => assertGreater(1, 1)],
  ["assertGreaterOrEqual", () => assertGreaterOrEqual(1, 1), () => assertGreaterOrEqual(NaN, 1)],
  ["assertLess", () => assertLess(1n, 2n), () => assertLess(2n, 2n)],
  ["assertLessOrEqual", () => assertLessOrEqual("a", "b"), () => assertLessOrEqual("b", "a")],
  ["assertMatch", () => assertMatch("pipe", /^p/), () => assertMatch("fifo", /^p/)],
  ["assertNotMatch", () => assertNotMatch("fifo", /^p/), () => assertNotMatch("pipe", /^p/)],
  [
    "assertStringIncludes",
    () => assertStringIncludes("mq_open", "open"),
    () => assertStringIncludes("mq_open", "close"),
  ],
  [
    "assertArrayIncludes",
    () => assertArrayIncludes([[1], [2]], [[2]]),
    () => assertArrayIncludes([[1]], [[1], [3]]),
  ],
  [
    "assertInstanceOf",
    () => assertInstanceOf(new TypeError(), Error),
    () => assertInstanceOf(new Error(), TypeError),
  ],
  [
    "assertObjectMatch",
    () => assertObjectMatch({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 1 } }),
    () => assertObjectMatch({ a: { b: 1 } }, { a: { b: 2 } }),
  ],
  [
    "match of a missing key",
    () => assertObjectMatch({ a: 1 }, {}),
    () => assertObjectMatch({ a: 1 }, { b: undefined }),
  ],
  [
    "match in arrays",
    () => assertObjectMatch({ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] }),
    () => assertObjectMatch({ a: [{ b: 1 }, 2] }, { a: [{ b: 1 }] }),
  ],
  ["assertThrows", () => assertThrows(() => fail()), () => assertThrows(() => {})],
  ["thrown class", () => assertThrows(raise, RangeError), () => assertThrows(raise, TypeError)],
  [
    "thrown message",
    () => assertThrows(raise, RangeError, "of range"),
    () => assertThrows(raise, RangeError, "EINVAL"),
  ],
  [
    "assertIsError",
    () => assertIsError(new RangeError("x"), RangeError, /x/),
    () => assertIsError("x"),
  ],
];

function view(...bytes: number[]): Uint8Array {
  return new Uint8Array(bytes);
}

function raise(): never {
  throw new RangeError("out of range");
}

for (const [name, holds, breaks] of rows) {
  Deno.test(`${name} holds, and fails with an AssertionError`, () => {
    holds();
    node.throws(breaks, (error) => error instanceof AssertionError);
  });
}

Deno.test("a pair that was found to differ is not equal when it is met again", () => {
  const [one, two] = [{ n: 1 }, { n: 2 }];
  const actual = [new Map([[[0], one], [[0], { n: 2 }]]), one];
  const expected = [new Map([[[0], two], [[0], one]]), two];
  node.throws(() => assertEquals(actual, expected), AssertionError);
});

Deno.test("assertThrows and assertRejects hand back what was thrown", async () => {
  node.equal(assertThrows(raise, RangeError).message, "out of range");
  node.equal((await assertRejects(never, RangeError, "range")).message, "out of range");
  node.equal(await assertRejects(() => Promise.reject("text")), "text");
});

Deno.test("assertRejects wants a promise that is rejected with the right error", async () => {
  const wrong = [
    () => assertRejects(() => Promise.resolve(1)),
    () => assertRejects(never, TypeError),
    () => assertRejects(never, RangeError, "EINVAL"),
    () => assertRejects(raise),
    () => assertRejects(() => 1 as unknown as Promise<number>),
  ];
  for (const assertion of wrong) await node.rejects(assertion, AssertionError);
});

Deno.test("a failure shows the caller's message and both values", () => {
  const error = assertThrows(
    () => assertEquals({ size: 64 }, { size: 4096 }, "slot"),
    AssertionError,
  );
  assertMatch(error.message, /^slot: .*64.*4096/s);
});

Deno.test("fail and unreachable say what they were given", () => {
  assertThrows(() => fail("no peer"), AssertionError, "Failed assertion: no peer");
  assertThrows(() => unreachable("left the loop"), AssertionError, "left the loop");
});
