import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import type { PlannedCell, PlannedVisit } from "../../../workloads/runner/plan.ts";
import { Rounds } from "../../../workloads/runner/rounds.ts";
import { Schedule, type Trip } from "../../../workloads/runner/schedule.ts";

function visit(facility: string | null, ids: readonly string[], leastMs = 0): PlannedVisit {
  const cells = ids.map((id) =>
    ({
      leastMs,
      workload: { figure: "latency" },
      task: { id, count: 2, setup: 0 },
    }) as PlannedCell
  );
  return { facility, participants: "process", count: 2, setups: [], cells };
}

const controls = visit(null, ["clock"]);
const pipe = visit("pipe", ["a", "b"]);
const fifo = visit("fifo", ["c"]);

/** Rounds of the three visits; `open` tells how many trials more each cell needs. */
function rounds(open: Record<string, number>, adaptive = true): Rounds {
  return new Rounds({
    visits: [controls, pipe, fifo],
    trials: 2,
    adaptive,
    trialsTo: ({ task }) => open[task.id] ?? 0,
  });
}

const names = (trips: readonly Trip[]) =>
  trips.map(({ visit, cells }) => [visit.facility, cells.map(({ task }) => task.id).join("")]);

const ALL = [[null, "clock"], ["pipe", "ab"], ["fifo", "c"]];

Deno.test("rounds that are asked for have all cells, settled or not", () => {
  const given = rounds({});
  assertEquals([0, 1].map((round) => names(given.trips(round))), [ALL, ALL]);
  assertEquals(given.later(0).map(({ times }) => times), [1, 1, 1]);
  assertEquals(given.later(5).map(({ times }) => times), [0, 0, 0]);
});

Deno.test("further rounds have the cells that are open, and the control rows with them", () => {
  const open: Record<string, number> = { b: 3, clock: 9 };
  const given = rounds(open);
  assertEquals(names(given.trips(2)), [[null, "clock"], ["pipe", "b"]]);
  open.b = 0;
  assertEquals(names(given.trips(3)), [], "the control rows alone keep nothing going");
});

Deno.test("there are no further rounds where the number of trials was given", () => {
  assertEquals(names(rounds({ a: Infinity }, false).trips(2)), []);
});

Deno.test("what was given up is visited no more", () => {
  const given = rounds({ a: 1, c: 1 });
  given.giveUp(pipe);
  assertEquals(names(given.trips(1)), [[null, "clock"], ["fifo", "c"]]);
  assertEquals(names(given.trips(2)), [[null, "clock"], ["fifo", "c"]]);
});

Deno.test("time left is what open cells need, and never more than the budget has", () => {
  const schedule = new Schedule(100);
  const remaining = [{ visit: pipe, cells: pipe.cells, times: 1 }];
  const asked = schedule.lastingMs(remaining, 5);
  const left = (open: Record<string, number>) => rounds(open).leftMs(schedule, remaining, 5);
  assertEquals(left({}), asked);
  const more = { visit: fifo, cells: fifo.cells, times: 4 };
  assertAlmostEquals(left({ c: 4 }), asked + schedule.lastingMs([more], 5), 1e-6);
  assert(Math.abs(left({ c: Infinity }) - schedule.budgetLeftMs) < 1_000);
  assertEquals(rounds({ c: Infinity }, false).leftMs(schedule, remaining, 5), asked);
});

Deno.test("what the budget cuts off is not time left, but for the first round", () => {
  const schedule = new Schedule(1);
  const trip = (times: number) => ({ visit: pipe, cells: pipe.cells, times });
  for (const adaptive of [true, false]) {
    const given = rounds({}, adaptive);
    const left = given.leftMs(schedule, [trip(1_000)], 5);
    assert(left > 0 && left <= 1_000, `${left} ms left of a budget of a second`);
    const first = given.leftMs(schedule, [trip(1_000)], 5, [trip(50)]);
    assertEquals(first, schedule.lastingMs([trip(50)], 5));
    assertGreater(first, 1_000);
  }
});

Deno.test("cells share what the budget has room for, and those that need more get it", () => {
  const schedule = new Schedule(10);
  const trips = [pipe, fifo].map((visit) => ({ visit, cells: visit.cells, times: 10 }));
  const target = schedule.targetMs(trips);
  const room = 10_000 * 0.96 - schedule.elapsedMs;
  assertAlmostEquals(schedule.lastingMs(trips, target), room, 50);

  const slow = visit("slow", ["d"], 500);
  const withSlow = [...trips, { visit: slow, cells: slow.cells, times: 10 }];
  const less = schedule.targetMs(withSlow);
  assertLess(less, target);
  assertGreater(schedule.lastingMs(withSlow, less), 10 * 500);
});

Deno.test("where nothing fits a cell is still timed, and where all fits not for ever", () => {
  const trips = [{ visit: pipe, cells: pipe.cells, times: 1000 }];
  assertEquals(new Schedule(0.001).targetMs(trips), 1);
  assertEquals(new Schedule(1e6).targetMs(trips), 250);
});

Deno.test("what trials took is learnt, for the visit and for those not seen yet", () => {
  const schedule = new Schedule(100);
  const trip = (visit: PlannedVisit, cells = visit.cells) => ({ visit, cells, times: 1 });
  const before = [pipe, fifo].map((visit) => schedule.lastingMs([trip(visit)], 0));
  schedule.learn(trip(pipe), 0, 3 * before[0]!);
  assertAlmostEquals(schedule.lastingMs([trip(pipe)], 0), 3 * before[0]!, 1e-6);
  assertAlmostEquals(schedule.lastingMs([trip(fifo)], 0), 3 * before[1]!, 1e-6);
  schedule.learn(trip(pipe), 0, before[0]!);
  assertAlmostEquals(schedule.lastingMs([trip(pipe)], 0), 2 * before[0]!, 1e-6);
  // Half of the cells take less than all of them.
  assertLess(schedule.lastingMs([trip(pipe, pipe.cells.slice(1))], 0), 2 * before[0]!);
});
