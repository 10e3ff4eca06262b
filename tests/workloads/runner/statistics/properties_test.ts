/** What every estimator keeps to, whatever the values: ties, zeros and single strays above all. @module */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createRandom } from "../../../../workloads/runner/random.ts";
import * as statistics from "../../../../workloads/runner/statistics.ts";

const RUNS = 200;

const magnitude = fc.constantFrom(1e-6, 0.1, 1, 3, 1e6, 123_456_789.123);

/** Values that are all alike but for a few, and others. */
function valuesOf(item: fc.Arbitrary<number>, least: number, most = 24): fc.Arbitrary<number[]> {
  const tied = fc.tuple(
    item,
    fc.integer({ min: least, max: most }),
    fc.array(fc.tuple(fc.nat(most - 1), item), { maxLength: 2 }),
  ).map(([value, length, strays]) => {
    const values = new Array<number>(length).fill(value);
    for (const [at, stray] of strays) values[at % length] = stray;
    return values;
  });
  return fc.oneof(tied, fc.array(item, { minLength: least, maxLength: most }));
}

const near = fc.tuple(magnitude, fc.constantFrom(0, 1e-15, 1e-9, 1e-3, 1, 1e3))
  .map(([value, more]) => value * (1 + more));
const positive = fc.oneof(near, fc.double({ min: 1e-9, max: 1e12, noNaN: true }));
const anything = fc.oneof(
  fc.constantFrom(0, -0),
  positive,
  positive.map((value) => -value),
);
const proportion = fc.double({ min: 0, max: 1, noNaN: true });

function property<T>(
  covers: readonly string[],
  arbitrary: fc.Arbitrary<T>,
  holds: (values: T) => void,
): void {
  for (const name of covers) covered.add(name);
  Deno.test(`${covers.join(", ")}: finite and in order over ties, zeros and strays`, () => {
    fc.assert(fc.property(arbitrary, holds), { numRuns: RUNS, seed: 1 });
  });
}

const covered = new Set<string>();

function assertInterval(interval: readonly [number, number] | null, around?: number): void {
  if (interval === null) return;
  const [low, high] = interval;
  assert(Number.isFinite(low) && Number.isFinite(high) && low <= high, `[${low}, ${high}]`);
  if (around !== undefined) {
    assert(low <= around && around <= high, `${around} in [${low}, ${high}]`);
  }
}

function assertShare(p: number): void {
  assert(p >= 0 && p <= 1, `${p}`);
}

property(
  ["estimateInterval", "median", "medianInterval", "bootstrapInterval"],
  valuesOf(anything, 1),
  (values) => {
    const { estimate, interval, level } = statistics.estimateInterval(values, createRandom(1));
    assertInterval(interval, estimate);
    assertShare(level);
    assertEquals(estimate, statistics.median(values));
    assertInterval(statistics.medianInterval(values), estimate);
    assertInterval(
      statistics.bootstrapInterval(values, statistics.median, createRandom(2), 0.95, 99),
    );
  },
);

const rates = valuesOf(positive, 1).chain((seconds) =>
  fc.oneof(
    fc.constant(seconds.map((each) => ({ amount: 1e6, seconds: each }))),
    valuesOf(positive, seconds.length, Math.max(24, seconds.length)).map((amounts) =>
      seconds.map((each, at) => ({ amount: amounts[at]!, seconds: each }))
    ),
  )
);

property(["estimateRate", "rateInterval"], rates, (trials) => {
  const { estimate, interval } = statistics.estimateRate(trials, createRandom(1), 199);
  assert(Number.isFinite(estimate) && estimate > 0, `${estimate}`);
  assertInterval(interval, estimate);
  assertInterval(statistics.rateInterval(trials, createRandom(2), 0.95, 99), estimate);
});

property(["quantile", "quantileOfSorted", "sorted"], valuesOf(anything, 1), (values) => {
  const ascending = statistics.sorted(values);
  let last = -Infinity;
  for (const p of [0, 0.025, 0.5, 0.975, 1]) {
    const value = statistics.quantile(values, p);
    assertEquals(value, statistics.quantileOfSorted(ascending, p));
    // Rounding may set one of two values that are alike a little below the other.
    assert(value >= last - 1e-12 * Math.abs(last), `${value} after ${last}`);
    last = value;
  }
});

property(["outliers"], valuesOf(anything, 0), (values) => {
  const labels = statistics.outliers(values);
  assertEquals(labels.length, values.length);
  if (new Set(values).size === 1) assert(labels.every((label) => label === "inside"));
});

property(
  ["mannWhitney", "mannWhitneyLeastP", "ratioTest", "ratioInterval"],
  fc.tuple(valuesOf(positive, 1, 12), valuesOf(positive, 1, 12)),
  ([a, b]) => {
    const test = statistics.ratioTest(a, b);
    assertShare(test.p);
    assert(Number.isFinite(test.ratio) && test.ratio > 0, `${test.ratio}`);
    assertInterval(test.interval, test.ratio);
    assertInterval(statistics.ratioInterval(a, b).interval, test.ratio);
    for (const alternative of ["less", "greater"] as const) {
      assertShare(statistics.mannWhitney(a, b, alternative).p);
    }
    assertShare(statistics.mannWhitneyLeastP(a.length, b.length));
  },
);

property(
  ["signedRank", "signedRankInterval", "signTest"],
  valuesOf(anything, 1),
  (differences) => {
    assertShare(statistics.signedRank(differences).p);
    assertShare(statistics.signTest(differences).p);
    assertInterval(statistics.signedRankInterval(differences));
  },
);

property(
  ["pairedRatioTest"],
  valuesOf(fc.tuple(positive, positive).map(([a, b]) => a / b), 1).map((ratios) => ratios),
  (ratios) => {
    const ones = ratios.map(() => 1);
    const { ratio, interval, p } = statistics.pairedRatioTest(ratios, ones);
    assert(Number.isFinite(ratio) && ratio > 0, `${ratio}`);
    assertInterval(interval, ratio);
    assertShare(p);
  },
);

property(["dip", "dipTest"], valuesOf(anything, 1, 12), (values) => {
  assert(Number.isFinite(statistics.dip(values)));
  const { dip, p } = statistics.dipTest(values);
  assert(dip >= 0 && dip <= 0.5, `${dip}`);
  assertShare(p);
});

property(["drift"], valuesOf(anything, 0), (values) => {
  const { p, change } = statistics.drift(values);
  assertShare(p);
  assert(Number.isFinite(change), `${change}`);
  if (new Set(values).size === 1) assertEquals(p, 1);
});

property(["changePoints"], valuesOf(anything, 0), (values) => {
  const found = statistics.changePoints(values, createRandom(1), { permutations: 19 });
  let last = 0;
  for (const { index, p, before, after } of found) {
    assert(index > last && index < values.length, `${index}`);
    assertShare(p);
    assert(Number.isFinite(before) && Number.isFinite(after));
    last = index;
  }
});

property(["holm", "benjaminiHochberg"], fc.array(proportion, { maxLength: 20 }), (p) => {
  for (const adjust of [statistics.holm, statistics.benjaminiHochberg]) {
    const adjusted = adjust(p);
    adjusted.forEach((each, at) => {
      assertShare(each);
      assert(each >= p[at]! - 1e-12, `${each} below ${p[at]}`);
    });
  }
});

property(
  ["binomialInterval", "medianCoverage", "medianIntervalRank"],
  fc.integer({ min: 1, max: 400 }).chain((n) =>
    fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n))
  ),
  ([successes, n]) => {
    const interval = statistics.binomialInterval(successes, n);
    assertInterval(interval, successes / n);
    assertShare(interval[0]);
    assertShare(interval[1]);
    const rank = statistics.medianIntervalRank(n);
    if (rank !== null) assert(statistics.medianCoverage(n, rank) >= 0.95 - 1e-12);
  },
);

property(
  ["studentCdf", "studentQuantile"],
  fc.tuple(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), fc.integer({ min: 1, max: 60 })),
  ([p, df]) => {
    const t = statistics.studentQuantile(p, df);
    assert(Number.isFinite(t), `${t}`);
    assertShare(statistics.studentCdf(t, df));
  },
);

Deno.test("every estimator that the suite has is held to this", () => {
  const functions = Object.entries(statistics)
    .filter(([, value]) => typeof value === "function").map(([name]) => name);
  assertEquals(functions.toSorted(), [...covered].toSorted());
});

Deno.test("trials that agree but for one have an interval, whichever way that one strays", () => {
  for (const stray of [1.001, 0.999, 1 + 1e-15, 2, 0.5]) {
    for (const n of [5, 6, 10, 20]) {
      const trials = Array.from({ length: n }, (_, at) => ({
        amount: 1e6,
        seconds: at === n - 1 ? stray : 1,
      }));
      const { estimate, interval } = statistics.estimateRate(trials, createRandom(1));
      assertInterval(interval, estimate);
    }
  }
});
