import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type ChartModel, chartsOf } from "../../../../reports/html/model/charts.ts";
import { DEFAULTS, parseChoices, queryOf } from "../../../../reports/html/model/choices.ts";
import { chartCsv } from "../../../../reports/html/model/csv.ts";
import {
  bytes,
  columnFormat,
  commonScale,
  digits,
  list,
  quantity,
  span,
  times,
} from "../../../../reports/html/model/format.ts";
import { packRows, unpackRows } from "../../../../reports/html/model/pack.ts";
import { rankingOf } from "../../../../reports/html/model/ranking.ts";
import { type Row, rowsOf, titled } from "../../../../reports/html/model/rows.ts";
import { verdictOf } from "../../../../reports/html/model/verdict.ts";
import { viewOf } from "../../../../reports/html/model/view.ts";
import { loadWorkload, WORKLOADS } from "../../../../workloads/catalogue.ts";
import { syntheticRun } from "../synthetic_run.ts";

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

const ALL_WORKLOADS = await Promise.all(WORKLOADS.map(loadWorkload));

Deno.test("pages call every workload by its own title", () => {
  for (const { id, title } of ALL_WORKLOADS) assertEquals(titled(id), title);
});

Deno.test("quantities have three digits and a unit", () => {
  const rows: [string, string][] = [
    [quantity(4_123, "ns"), "4.12 µs"],
    [quantity(999.4, "ns"), "999 ns"],
    [quantity(999.6, "ns"), "1.00 µs"],
    [quantity(0.4, "ns"), "0.400 ns"],
    [quantity(0, "ns"), "0 ns"],
    [quantity(61e9, "ns"), "61.0 s"],
    [quantity(5.211e9, "bytes/s"), "5.21 GB/s"],
    [quantity(26.2e6, "ops/s"), "26.2 M op/s"],
    [quantity(950, "messages/s"), "950 msg/s"],
    [quantity(65_536, "bytes"), "64.0 KiB"],
    [bytes(65_536), "64 KiB"],
    [bytes(65_507), "65 507 B"],
    [bytes(0), "0 B"],
    [digits(9.995), "9.99"],
    [digits(99.95), "100"],
    [digits(12_345.6), "12 346"],
    [digits(NaN), "–"],
    [times(1.044), "1.04 ×"],
    [times(12.34), "12.3 ×"],
    [times(1_234.5), "1 235 ×"],
    [span(48.2), "48.2 s"],
    [span(125), "2 min 5 s"],
    [span(3_725), "1 h 2 min"],
    [list([]), ""],
    [list(["a", "b", "c"]), "a, b and c"],
  ];
  for (const [given, wanted] of rows) assertEquals(plain(given), wanted);
});

Deno.test("the figures of one column share a unit and the place of the point", () => {
  const values = [869, 11_234, 20_472];
  const scale = commonScale(values, "ns");
  assertEquals(scale.label, "µs");
  const text = columnFormat(values, scale);
  assertEquals(values.map(text).map(plain), ["0.87", "11.23", "20.47"]);
});

Deno.test("choices survive the way through an address, and defaults leave no trace", () => {
  assertEquals(queryOf(DEFAULTS), "");
  assertEquals(queryOf(parseChoices("")), "");
  const word = fc.string({ minLength: 1, unit: "grapheme" });
  const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  fc.assert(fc.property(
    fc.record({
      placement: perhaps(word),
      participants: perhaps(fc.constantFrom("process" as const, "thread" as const)),
      size: perhaps(fc.nat()),
      baseline: perhaps(word),
      hide: fc.array(word).map((words) => new Set(words)),
      show: fc.array(word).map((words) => new Set(words)),
      linear: fc.array(word).map((words) => new Set(words)),
      from: perhaps(word),
      to: perhaps(word),
      violin: fc.boolean(),
      all: fc.boolean(),
      workload: perhaps(word),
      pattern: perhaps(word),
      need: fc.array(word).map((words) => new Set(words)),
      rate: perhaps(fc.double({ min: 1e-9, noNaN: true, noDefaultInfinity: true })),
      cpu: perhaps(fc.integer({ min: 1 })),
    }),
    (choices) => {
      const back = parseChoices(queryOf(choices));
      assertEquals(queryOf(back), queryOf(choices));
      assertEquals([...back.hide].sort(), [...choices.hide].sort());
      assertEquals([...back.need].sort(), [...choices.need].sort());
      assertEquals([back.placement, back.size, back.all, back.rate, back.cpu], [
        choices.placement,
        choices.size,
        choices.all,
        choices.rate,
        choices.cpu,
      ]);
    },
  ));
});

Deno.test("whatever stands in an address, choices come of it", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (query) => {
    const choices = parseChoices(query);
    assert(choices.size === undefined || Number.isSafeInteger(choices.size));
    parseChoices(queryOf(choices));
  }));
});

const run = syntheticRun({ extent: "standard" });
const rows = rowsOf(run);

Deno.test("packed rows come out as they went in, to six digits", () => {
  const some = rows.filter((_, index) => index % 37 === 0)
    .map((row, index): Row => index % 2 ? row : { ...row, curve: [[0.5, 100], [0.9, 200]] });
  const order = (row: Row) =>
    [
      row.workload,
      row.facility,
      row.placement,
      row.participants,
      row.wait,
      row.sizeBytes,
      row.count,
    ]
      .join() + JSON.stringify(row.parameters ?? {});
  const sorted = (list: Row[]) => [...list].sort((a, b) => order(a) < order(b) ? -1 : 1);
  const back = sorted(unpackRows(JSON.parse(JSON.stringify(packRows(some, true)))));
  assertEquals(back.length, some.length);
  sorted(some).forEach((row, index) => {
    const other = back[index]!;
    assertEquals(order(other), order(row));
    assertEquals(other.curve, row.curve);
    assertEquals(other.operations, row.operations);
    assertEquals(other.trials.length, row.trials.length);
    for (
      const [a, b] of [
        [row.estimate, other.estimate],
        [row.ci95[0], other.ci95[0]],
        [row.percentiles!.p90!, other.percentiles!.p90!],
        [row.percentiles!.max, other.percentiles!.max],
        [row.cpuNs!, other.cpuNs!],
        [row.trials[0]!, other.trials[0]!],
      ] as const
    ) {
      assert(Math.abs(a / b - 1) < 1e-5, `${order(row)}: ${a} ${b}`);
    }
  });
});

Deno.test("a ranking is sorted, and ranks are shared where intervals reach the leader's", () => {
  for (const workload of ["round-trip", "throughput", "contended-lock"]) {
    const view = viewOf(workload, rows)!;
    const { places } = rankingOf(view, { everySeries: true });
    assert(places.length >= 8);
    const lower = places[0]!.row.better === "lower";
    let leader = places[0]!;
    places.forEach((place, index) => {
      const before = places[index - 1];
      if (!before) return;
      const [a, b] = [before.row.estimate, place.row.estimate];
      assert(lower ? a <= b : a >= b);
      const reaches = lower
        ? place.row.ci95[0] <= leader.row.ci95[1]
        : place.row.ci95[1] >= leader.row.ci95[0];
      assertEquals(place.rank, reaches ? leader.rank : index + 1);
      if (!reaches) leader = place;
    });
    assertEquals(places[0]!.times, 1);
    assert(places.every(({ times }) => times >= 1));
  }
});

Deno.test("a baseline that the reader chose is the one that the others are compared with", () => {
  const view = viewOf("round-trip", rows, { ...DEFAULTS, baseline: "pipe" })!;
  const { places, baseline } = rankingOf(view);
  assertEquals(baseline, "Pipe");
  const pipe = places.find(({ row }) => row.facility === "pipe")!;
  assertEquals(pipe.times, 1);
  for (const { row, times } of places) {
    assert(Math.abs(times - row.estimate / pipe.row.estimate) < 1e-12);
  }
});

Deno.test("regions are ranked by a waiting strategy that all of them were measured with", () => {
  const shared = rows.filter(({ workload, wait }) => workload === "round-trip" && wait);
  const one = "posix-shared-memory";
  const waits = (some: readonly Row[]) => {
    const { places } = rankingOf(viewOf("round-trip", some)!);
    return new Map(places.map(({ row }) => [row.facility, row.wait]));
  };
  const fastest = waits(shared).get(one)!;
  const others = [...new Set(shared.map(({ wait }) => wait!))].filter((wait) => wait !== fastest);
  assert(others.length > 0);
  // Only one region had its fastest strategy measured.
  const matrixOfOne = shared.filter(({ facility, wait }) => facility === one || wait !== fastest);
  assert(new Set(matrixOfOne.map(({ facility }) => facility)).size > 1);
  for (const wait of waits(matrixOfOne).values()) assert(others.includes(wait!), wait);
  // Where they have none in common, each is shown at its best.
  const apart = matrixOfOne.filter(({ facility, wait }) => facility !== one || wait === fastest);
  assertEquals(waits(apart).get(one), fastest);
});

Deno.test("a workload without sizes is laid out along what it varies", () => {
  const locks = viewOf("contended-lock", rows)!;
  assertEquals(locks.dimension, { kind: "count" });
  assertEquals(locks.at, 2);
  const paced = viewOf("paced", rows)!;
  assertEquals(paced.dimension, { kind: "parameter", name: "gapNs" });
  assertEquals(paced.at, 1_000_000);
  assertEquals(viewOf("no-such-workload", rows), undefined);
});

Deno.test("each chart's table and CSV hold the figures that it draws", () => {
  const numbers = (chart: ChartModel): number[] => {
    switch (chart.kind) {
      case "curve":
        return chart.lines.filter((line) => line.shown).flatMap((line) =>
          line.points.map((point) => point.y)
        );
      case "heat":
        return chart.cells.map((cell) => cell.value);
      case "box":
        return chart.items.flatMap((item) => item.values);
    }
  };
  let charts = 0;
  for (const workload of ["round-trip", "throughput", "contended-lock", "paced"]) {
    for (const chart of chartsOf(viewOf(workload, rows)!)) {
      charts++;
      const drawn = numbers(chart);
      assert(drawn.length > 0 && drawn.every((value) => Number.isFinite(value)), chart.id);
      const lines = chartCsv(chart).trimEnd().split("\r\n");
      assertEquals(lines.length, drawn.length + 1, chart.id);
      const written = new Set(lines.slice(1).flatMap((line) => line.split(",")).map(Number));
      assert(drawn.every((value) => written.has(value)), chart.id);
      assert(chart.summary.length > 20 && chart.reading.length > 20);
      if (chart.topic === "size" || chart.topic === "wait") {
        const told = new Set(chart.table.rows.flatMap((row) => row.cells.map((c) => c.value)));
        assert(drawn.every((value) => told.has(value)), chart.id);
      }
    }
  }
  assertEquals(charts, 18);
});

Deno.test("a hover tells estimate, interval, p99, CPU time and trials", () => {
  const chart = chartsOf(viewOf("round-trip", rows)!).find(({ topic }) => topic === "size")!;
  assert(chart.kind === "curve");
  const row = rows.find(({ id }) => id === "round-trip/pipe/64/same-cpu/process/2/awake")!;
  const point = chart.lines.find(({ key }) => key === "pipe")!.points.find(({ x }) => x === 64)!;
  const [low, high] = row.ci95;
  assertEquals(point.notes.map(plain), [
    `${plain(quantity(row.estimate, "ns"))} (95 %: ${plain(quantity(low, "ns"))} – ${
      plain(quantity(high, "ns"))
    })`,
    `p99 ${plain(quantity(row.percentiles!.p99!, "ns"))}`,
    `CPU ${plain(quantity(row.cpuNs!, "ns"))} an operation`,
    "10 trials",
  ]);
});

Deno.test("the verdict is made of the figures", () => {
  const [first, second] = verdictOf(rows, run.cells).map(plain);
  const best = rankingOf(viewOf("round-trip", rows)!).places[0]!;
  assert(first!.includes(plain(quantity(best.row.estimate, "ns"))), first);
  assert(first!.startsWith("The fastest round trip with 64 B a message on one CPU is that of "));
  assert(second!.startsWith("The highest throughput"));
  assertEquals(verdictOf([], []), ["Nothing was measured."]);
});

Deno.test("the verdict of too few trials claims no order that their ranges do not show", () => {
  const few = rows.map((row): Row => ({ ...row, sure: false }));
  const level = (row: Row): Row => ({ ...row, ci95: [row.estimate / 100, row.estimate * 100] });
  const [overlapping] = verdictOf(few.map(level), run.cells).map(plain);
  assert(overlapping!.includes("level (the ranges of their trials overlap"), overlapping);
  assert(!overlapping!.includes("ahead of"), overlapping);
  const apart = few.map((row): Row => ({ ...row, ci95: [row.estimate, row.estimate] }));
  const [ordered] = verdictOf(apart, run.cells).map(plain);
  assert(ordered!.endsWith("(too few trials for intervals)."), ordered);
});
