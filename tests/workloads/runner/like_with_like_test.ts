import { assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import type { Cell, MeasuredCell, Settings, Trial } from "../../../workloads/runner/document.ts";
import { LikeWithLike } from "../../../workloads/runner/like_with_like.ts";
import { createRandom } from "../../../workloads/runner/random.ts";
import { runWarnings } from "../../../workloads/runner/run_warnings.ts";
import { median } from "../../../workloads/runner/statistics.ts";

const random = createRandom(5);
/** A value that scatters by 1 %. */
const near = (value: number) => value * (1 + 0.02 * (random.next() - 0.5));
const pair = (value: number): [number, number] => [near(value), near(value)];

/** A trial of what takes `estimate` in the fast state; `slower` is the factor of the other one. */
function trial(estimate: number, slower = 1, spin?: number): Trial {
  return {
    estimate: near(estimate * slower),
    operations: 1000,
    seconds: 1000 * near(estimate * slower) / 1e9,
    cpus: spin ? [0, 1] : [0, 0],
    controls: {
      clockNs: pair(16 * slower),
      syscallNs: pair(200 * slower),
      ...(spin && { spinNs: pair(spin) }),
    },
  };
}

const many = (count: number, slower = 1, spin?: number) =>
  Array.from({ length: count }, () => trial(5_000, slower, spin));

const SLOW = 1.5;

Deno.test("a machine that kept one state leaves figures alone", () => {
  const trials = many(60);
  const like = new LikeWithLike(trials);
  assertEquals([like.states, like.choose(trials.slice(0, 6), "ns")], [[], null]);
});

Deno.test("a handful of slow trials is no state", () => {
  const trials = [...many(15), ...many(5, SLOW)];
  assertEquals(new LikeWithLike(trials).states, []);
});

Deno.test("enough trials of the commonest state stand for the cell", () => {
  const run = [...many(50), ...many(20, SLOW)];
  const own = [...many(7), ...many(3, SLOW)];
  const like = new LikeWithLike([...run, ...own]);
  assertEquals(like.states.map(({ trials }) => trials), [57, 23]);
  assertMatch(like.states[0]!.name, /clock 16 ns, system call (199|200|201) ns/);
  const { basis, trials } = like.choose(own, "ns")!;
  assertEquals([basis, trials], ["one-state", own.slice(0, 7)]);
});

Deno.test("too few of them: each is set against its own control, times and rates alike", () => {
  const run = [...many(50), ...many(30, SLOW)];
  const own = [...many(3), ...many(5, SLOW)];
  const like = new LikeWithLike([...run, ...own]);
  const { basis, trials } = like.choose(own, "ns")!;
  assertEquals(basis, "normalised");
  for (const { estimate, seconds } of trials) {
    assertAlmostEquals(estimate, 5_000, 200);
    assertAlmostEquals(seconds, 1000 * 5_000 / 1e9, 2e-4);
  }
  const slow = own.map((each) => ({ ...each, estimate: 1e9 / each.estimate }));
  for (const { estimate } of like.choose(slow, "ops/s")!.trials) {
    assertAlmostEquals(estimate, 1e9 / 5_000, 8_000);
  }
});

Deno.test("a cell that saw the rarer state alone is brought to the commonest one", () => {
  const own = many(6, SLOW);
  const like = new LikeWithLike([...many(50), ...many(20, SLOW), ...own]);
  const { basis, trials } = like.choose(own, "ns")!;
  assertEquals(basis, "normalised");
  assertAlmostEquals(median(trials.map(({ estimate }) => estimate)), 5_000, 200);
});

Deno.test("across CPUs the distance between them makes states, and too few trials stay mixed", () => {
  const near = many(40, 1, 120);
  const far = many(25, 1, 460);
  const like = new LikeWithLike([...many(60), ...near, ...far]);
  assertEquals(like.states.map(({ trials }) => trials), [60, 40, 25]);
  assertEquals(like.choose([...near.slice(0, 6), ...far.slice(0, 4)], "ns")!.trials.length, 6);
  const { basis, trials } = like.choose([...near.slice(0, 5), ...far.slice(0, 5)], "ns")!;
  assertEquals([basis, trials.length], ["mixed", 10]);
});

Deno.test("a trial during which the machine changed is of no state", () => {
  const changed = trial(5_000);
  changed.controls!.syscallNs = [200, 300];
  const like = new LikeWithLike([...many(50), ...many(20, SLOW), changed]);
  assertEquals(like.stateOf(changed), null);
});

const settings = { budgetSeconds: 60, adaptive: true } as Settings;

function cell(id: string, width: number, basis?: MeasuredCell["basis"]): Cell {
  return {
    id,
    status: "measured",
    estimate: 100,
    ci95: [100 * (1 - width), 100 * (1 + width)],
    ...(basis && { basis }),
  } as Cell;
}

Deno.test("a run's warnings name the worst cells and what to do, and count the others", () => {
  const cells = [cell("a", 0.01), ...["b", "c", "d", "e"].map((id, at) => cell(id, 0.2 + at / 10))];
  const [open, wide, ...more] = runWarnings(cells, [], settings);
  assertMatch(
    open!.text,
    /^4 of 5 cells did not settle to ±2 % within the budget of 60 s: raise --budget/,
  );
  assertMatch(
    wide!.text,
    /^4 of 5 cells .* the widest e \(±50 %\), d \(±40 %\), c \(±30 %\) and 1 more: /,
  );
  assertEquals([open!.code, wide!.code, more], ["not-settled", "wide-intervals", []]);
  assertEquals(runWarnings([cell("a", 0.01)], [], settings), []);
});

Deno.test("states are named, with how many cells were treated how", () => {
  const states = [{ name: "clock 16 ns", trials: 75 }, { name: "clock 24 ns", trials: 25 }];
  const cells = [
    cell("a", 0, "one-state"),
    cell("b", 0, "normalised"),
    cell("c", 0, "normalised"),
    cell("d", 0, "mixed"),
  ];
  const [found, ...more] = runWarnings(cells, states, settings);
  assertEquals([found!.code, more], ["machine-states", []]);
  assertMatch(
    found!.text,
    /2 states.*clock 16 ns \(75 % of trials\); clock 24 ns \(25 % of trials\); 1 cells? .*, 2 with .*, 1 as they are, such as d: raise --budget/,
  );
});
