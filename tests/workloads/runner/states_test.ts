import { assert, assertEquals, assertMatch } from "@std/assert";
import { recogniseStates } from "../../../workloads/runner/states.ts";
import type { Trial } from "../../../workloads/runner/document.ts";
import { Source } from "../../reports/check/synthetic.ts";

function trial(clock: [number, number], syscall: [number, number], spin?: [number, number]): Trial {
  const controls = { clockNs: clock, syscallNs: syscall, ...(spin && { spinNs: spin }) };
  return { estimate: 1, operations: 1, seconds: 1, cpus: [0], controls };
}

function drawn(levels: readonly number[], each: number, spread: number): Trial[] {
  const random = new Source(3);
  const around = (level: number) => level * Math.exp(spread * random.normal());
  return levels.flatMap((level) =>
    Array.from({ length: each }, () => {
      const [clock, call] = [16 * level, 215 * level];
      return trial([around(clock), around(clock)], [around(call), around(call)]);
    })
  );
}

Deno.test("a machine of one state has one, however much it scatters", () => {
  for (const spread of [0.005, 0.05, 0.15]) {
    const trials = drawn([1], 200, spread);
    const states = recogniseStates(trials);
    assertEquals(states.names, ["one state"], `${spread}`);
    assert(trials.every((each) => states.of(each) === 0));
  }
});

Deno.test("two states are told apart and named by what their controls took", () => {
  const trials = drawn([1, 1.5], 30, 0.02);
  const states = recogniseStates(trials);
  assertEquals(states.names.length, 2);
  assertMatch(states.names.join("; "), /clock 16 ns, system call 21\d ns/);
  const found = trials.map((each) => states.of(each));
  assertEquals(new Set(found.slice(0, 30)).size, 1);
  assertEquals(new Set(found.slice(30)).size, 1);
  assert(found[0] !== found[30]);
});

Deno.test("three states too, and one that is seldom", () => {
  assertEquals(recogniseStates(drawn([1, 1.5, 2.5], 30, 0.02)).names.length, 3);
  const seldom = [...drawn([1], 100, 0.02), ...drawn([1.6], 6, 0.02)];
  assertEquals(recogniseStates(seldom).names.length, 2);
});

Deno.test("strays are no state", () => {
  const trials = [...drawn([1], 100, 0.02), ...drawn([3], 1, 0.02), ...drawn([7], 1, 0.02)];
  assertEquals(recogniseStates(trials).names.length, 1);
});

Deno.test("a slow drift is no switch between states", () => {
  const trials = Array.from({ length: 100 }, (_, index) => {
    const level = 1 + 0.5 * index / 100;
    return trial([16 * level, 16 * level], [215 * level, 215 * level]);
  });
  assertEquals(recogniseStates(trials).names.length, 1);
});

Deno.test("a trial during which the machine changed is of no state", () => {
  const changed = trial([16, 24], [215, 322]);
  const states = recogniseStates([...drawn([1, 1.5], 30, 0.02), changed]);
  assertEquals(states.of(changed), null);
});

Deno.test("trials without controls are of one state", () => {
  const bare = Array.from({ length: 9 }, (): Trial => ({
    estimate: 1,
    operations: 1,
    seconds: 1,
    cpus: [0],
  }));
  const states = recogniseStates(bare);
  assertEquals([states.names.length, states.of(bare[0]!)], [1, 0]);
});

Deno.test("cells across CPUs have states of their own spin exchange", () => {
  const own = drawn([1], 40, 0.01);
  const across = own.map((each, index): Trial => {
    const level = index % 2 ? 460 : 120;
    return { ...each, controls: { ...each.controls, spinNs: [level, level] } };
  });
  const states = recogniseStates([...own, ...across]);
  assertEquals(states.names.length, 3);
  assert(states.of(across[0]!) !== states.of(across[1]!));
  assertEquals(states.of(across[0]!), states.of(across[2]!));
});
