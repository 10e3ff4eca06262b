import { assert, assertAlmostEquals, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { compareRuns } from "../../../reports/compare/compare.ts";
import { compareInterleaved } from "../../../reports/compare/interleaved.ts";
import { comparisonText, interleavedText } from "../../../reports/compare/words.ts";
import { NotComparableError } from "../../../workloads/runner/errors.ts";
import type { Interleaved } from "../../../workloads/runner/interleave.ts";
import { cellId, Source } from "../check/synthetic.ts";

Deno.test("runs of one machine differ about as often as chance has it", () => {
  let significant = 0;
  let cells = 0;
  let expected = 0;
  for (let seed = 0; seed < 40; seed++) {
    const source = new Source(seed, { runSpread: 0 });
    const [comparison] = compareRuns([source.run(), source.run()]).comparisons;
    significant += comparison!.cells.filter((cell) => cell.significant).length;
    cells += comparison!.cells.length;
    expected += comparison!.byChance;
  }
  assertEquals(cells, 40 * 43);
  assertAlmostEquals(expected, 0.05 * cells, 1e-6);
  // Rank intervals are discrete and cover a little more than 95 %.
  assert(significant > 0.02 * cells && significant < 0.065 * cells, `${significant} of ${cells}`);
});

Deno.test("a slower cell stands first, with its ratio and interval", () => {
  const source = new Source(1);
  const first = source.run();
  const document = compareRuns([first, source.run({ times: 2, slow: [cellId(3)] }), source.run()]);
  assertEquals(document.comparisons.map((each) => each.first), [first.id, first.id]);
  const [cell] = document.comparisons[0]!.cells;
  assertEquals([cell!.id, cell!.significant], [cellId(3), true]);
  assertAlmostEquals(cell!.ratio, 2, 0.2);
  assert(cell!.interval![0] > 1.8 && cell!.interval![1] < 2.2);
  const text = comparisonText(document, { all: false, markdown: false });
  assertMatch(text, /\n[12]\.\d\d × slower .* round-trip\/facility-3\/64/);
  assertMatch(text, /of 43 cells differ significantly, about 2\.2 would by chance; the others/);
  const all = comparisonText(document, { all: true, markdown: false });
  assertEquals(all.match(/× (slower|faster)/g)!.length, 2 * 43);
  assertMatch(all, /\(control\)/);
});

Deno.test("other machines may be compared, and it is said", () => {
  const source = new Source(2);
  const [first, second] = [source.run(), source.run()];
  second.host = { ...second.host, machineKey: "<other>", kernel: "6.19" };
  const document = compareRuns([first, second]);
  assertEquals(document.comparisons[0]!.differences.map(({ fact }) => fact), ["machine", "kernel"]);
  const text = comparisonText(document, { all: true, markdown: true });
  assertMatch(text, /^## run-2 against run-1\n/);
  assertMatch(text, /differs: machine .* → &lt;other&gt;, kernel/);
  assert(!text.includes("<other>"));
});

Deno.test("cells of one side only are counted, runs without a common one refused", () => {
  const source = new Source(3);
  const [first, second] = [source.run(), source.run()];
  const half = { ...second, cells: second.cells.slice(0, 10) };
  const document = compareRuns([first, half]);
  assertEquals([
    document.comparisons[0]!.cells.length,
    document.comparisons[0]!.incomparable.length,
  ], [
    10,
    33,
  ]);
  assertMatch(comparisonText(document, { all: false, markdown: false }), /33 cells have no figure/);
  const none = { ...second, cells: [] };
  assertThrows(() => compareRuns([first, none]), NotComparableError, "no cell in common");
});

Deno.test("a cell that was measured in no trial is not comparable", () => {
  const source = new Source(5);
  const [first, second] = [source.run(), source.run()];
  const [cell] = second.cells;
  if (cell?.status === "measured") cell.trials = [];
  for (const pair of [[first, second], [second, first]]) {
    const [comparison] = compareRuns(pair).comparisons;
    assertEquals(comparison!.incomparable, [cell!.id]);
  }
});

Deno.test("runs of different states of the machine are refused as such", () => {
  const source = new Source(6, { states: [1, 3] });
  const pair = [source.run({ state: 0 }), source.run({ state: 1 })];
  assertThrows(
    () => compareRuns(pair),
    NotComparableError,
    "run-1 and run-2 have no cell that both measured in the same state of the machine",
  );
});

Deno.test("too few trials have no interval and are never significant", () => {
  const source = new Source(4, { trials: 2 });
  const document = compareRuns([source.run(), source.run({ times: 9 })]);
  const { cells, byChance } = document.comparisons[0]!;
  assert(cells.every(({ interval, significant }) => interval === null && !significant));
  assertEquals(byChance, 0);
  assertMatch(comparisonText(document, { all: true, markdown: false }), /too few trials/);
});

/** Pairs under a drift that is far larger than what is looked for. */
function drifting(pairs: number, ratio: number): Interleaved {
  const random = new Source(5);
  const cell = (id: string, better: "lower" | "higher", times: number) => ({
    dimensions: {
      ...{ id, facility: "pipe", workload: "round-trip", placement: "same-cpu", count: 2 },
      ...{
        participants: "process",
        awake: true,
        unit: better === "lower" ? "ns" : "ops/s",
        better,
      },
    } as Interleaved["cells"][number]["dimensions"],
    pairs: Array.from({ length: pairs }, (_, index): [number, number] => {
      const level = 1_000 * (1 + index);
      const cost = () => level * Math.exp(0.01 * random.normal());
      const [a, b] = [cost(), cost() * times];
      return better === "lower" ? [a, b] : [1e9 / a, 1e9 / b];
    }),
    failures: [],
  });
  const same = cell("same", "lower", 1);
  const cells = [same, cell("slower", "lower", ratio), cell("fewer", "higher", ratio)];
  return { cells, seconds: 1, complete: true, warnings: ["w"] };
}

Deno.test("pairs tell what drift hides, for times and for rates", () => {
  const document = compareInterleaved(drifting(12, 1.1), "chrt -f 50", "");
  const of = (id: string) => document.cells.find((cell) => cell.id === id)!;
  for (const id of ["slower", "fewer"]) {
    assertAlmostEquals(of(id).ratio, 1.1, 0.02);
    assertEquals(of(id).significant, true);
  }
  assertEquals(of("same").significant, false);
  const text = interleavedText(document, { all: false, markdown: false });
  assertMatch(text, /A: chrt -f 50, B: no prefix/);
  assertMatch(text, /2 of 3 cells differ significantly, about 0\.15 would by chance/);
  assertMatch(text, /warning: w$/);
});

Deno.test("fewer than 6 pairs have no interval", () => {
  const document = compareInterleaved(drifting(5, 9), "", "");
  assert(document.cells.every(({ interval, significant }) => interval === null && !significant));
  assertEquals(document.byChance, 0);
});
