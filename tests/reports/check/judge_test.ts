import { assert, assertEquals, assertMatch } from "@std/assert";
import { confirmedBy, judge, suspectsOf } from "../../../reports/check/judge.ts";
import { outcomeOf } from "../../../reports/check/verdict.ts";
import type { Cell, MeasuredCell, RunDocument } from "../../../workloads/runner/document.ts";
import { serialiseRun } from "../../../workloads/runner/run_file.ts";
import { binomialInterval } from "../../../workloads/runner/statistics.ts";
import { checkSource } from "./checking.ts";
import { cellId, type Machine, Source } from "./synthetic.ts";

const THRESHOLD = { threshold: 0.1 };

Deno.test("simulated runs are run documents", () => {
  assertMatch(serialiseRun(new Source(1).run()), /"round-trip\/facility-39/);
});

/** How the machine is, and how many of its unchanged cells may at most look changed. */
const UNCHANGED: [what: string, machine: Machine][] = [
  ["quiet", { runSpread: 0.01, trialSpread: 0.03 }],
  ["usual", { runSpread: 0.03, trialSpread: 0.05 }],
  ["unsteady", { runSpread: 0.08, trialSpread: 0.1 }],
  ["of two states", { runSpread: 0.02, trialSpread: 0.04, states: [1, 1.5], trials: 10 }],
];

for (const [what, machine] of UNCHANGED) {
  Deno.test(`an unchanged ${what} machine: no more than 1 % of cells look changed`, () => {
    let judged = 0;
    let suspects = 0;
    let regressed = 0;
    let inconclusive = 0;
    const checks = 60;
    for (let seed = 0; seed < checks; seed++) {
      const source = new Source(seed, machine);
      const { judgement, outcome, ...found } = checkSource(source, source.baseline());
      judged += judgement.judged.length;
      suspects += found.suspects.length;
      regressed += outcome.regressed.length;
      if (outcome.verdict === "inconclusive") inconclusive++;
    }
    assertEquals(judged, checks * 40);
    // Were the fresh trials as far off as the first ones, the suspects would all be confirmed.
    assert(binomialInterval(suspects, judged)[0] <= 0.01, `${suspects} of ${judged}`);
    assert(binomialInterval(regressed, judged)[1] <= 0.01, `${regressed} of ${judged}`);
    assert(inconclusive <= checks / 5, `${inconclusive} of ${checks}`);
  });
}

Deno.test("a slow-down well beyond the noise is found, and nothing else is", () => {
  const slow = [cellId(0), cellId(3)];
  const runs = 60;
  for (const [times, machine] of [[1.25, {}], [1.5, { runSpread: 0.03 }]] as const) {
    let found = 0;
    for (let seed = 100; seed < 100 + runs; seed++) {
      const source = new Source(seed, machine);
      const { outcome } = checkSource(source, source.baseline(), { times, slow });
      const ids = outcome.regressed.map(({ id }) => id);
      assertEquals(ids.filter((id) => !slow.includes(id)), []);
      if (outcome.verdict === "regressed" && slow.every((id) => ids.includes(id))) found++;
    }
    assert(found >= 0.95 * runs, `${times}: ${found} of ${runs}`);
  }
});

Deno.test("a difference below the threshold is none", () => {
  for (let seed = 200; seed < 230; seed++) {
    const source = new Source(seed, { runSpread: 0.01, trialSpread: 0.02 });
    const { outcome } = checkSource(source, source.baseline(), { times: 1.06, slow: [cellId(1)] });
    assertEquals(outcome.regressed, []);
  }
});

Deno.test("an improvement is never a regression, and ends in improved", () => {
  const verdicts = new Set<string>();
  for (let seed = 300; seed < 330; seed++) {
    const source = new Source(seed);
    const now = { times: 0.6, slow: [cellId(2), cellId(7)] };
    const { outcome } = checkSource(source, source.baseline(), now);
    assertEquals(outcome.regressed, []);
    assertEquals(outcome.improved.map(({ id }) => id), now.slow);
    verdicts.add(outcome.verdict);
  }
  assert(verdicts.has("improved") && !verdicts.has("regressed"));
});

const MACHINE_CHANGES = [
  ["everything twice as slow", { machine: 2 }],
  ["everything twice as fast", { machine: 0.5 }],
  ["half the CPU, medians unmoved", { stolen: 2, times: 2 }],
  ["a third of the CPU gone", { stolen: 1.5, times: 1.3 }],
] as const;

for (const [what, now] of MACHINE_CHANGES) {
  Deno.test(`${what} is inconclusive, with the control rows that moved`, () => {
    for (let seed = 400; seed < 425; seed++) {
      const source = new Source(seed);
      const { outcome, judgement } = checkSource(source, source.baseline(), now);
      assertEquals(outcome.verdict, "inconclusive");
      assertMatch(outcome.reasons[0]!, /the machine has changed|no cell could be judged/);
      assert(judgement.controls.filter((row) => row.moved).length > 0);
    }
  });
}

Deno.test("a machine a little slower as a whole shows in all control rows together", () => {
  let inconclusive = 0;
  for (let seed = 500; seed < 540; seed++) {
    const source = new Source(seed);
    const { outcome } = checkSource(source, source.baseline(), { machine: 1.13 });
    if (outcome.verdict === "inconclusive") inconclusive++;
  }
  assert(inconclusive >= 36, `${inconclusive} of 40`);
});

Deno.test("like is compared with like: a slow-down in a machine of two states is found", () => {
  let found = 0;
  for (let seed = 600; seed < 630; seed++) {
    const source = new Source(seed, { states: [1, 1.5], trials: 10 });
    const { judgement, outcome } = checkSource(source, source.baseline(), {
      times: 1.35,
      slow: [cellId(4)],
    });
    assertEquals(judgement.states.length, 2);
    assertEquals(outcome.regressed.filter(({ id }) => id !== cellId(4)), []);
    found += outcome.regressed.length;
  }
  assert(found >= 28, `${found} of 30`);
});

Deno.test("trials of a state that the baseline never saw are not judged", () => {
  const source = new Source(7, { states: [1, 1.5] });
  const baseline = Array.from({ length: 5 }, () => source.run({ state: 0 }));
  const judgement = judge(baseline, source.run({ state: 1 }), THRESHOLD);
  assertEquals(judgement.judged, []);
  assertEquals(new Set(judgement.unjudged.map(({ kind }) => kind)), new Set(["unmatched"]));
  assert(judgement.controls.every(({ moved }) => moved));
  const outcome = outcomeOf(judgement, [], null);
  assertEquals(outcome.verdict, "inconclusive");
});

Deno.test("cells that could never be significant are not judged, and nothing judged is no pass", () => {
  const source = new Source(8, { trials: 3 });
  const judgement = judge(source.baseline(1), source.run(), THRESHOLD);
  assertEquals(judgement.judged, []);
  assertMatch(judgement.unjudged[0]!.reason, /3 trials against 3 cannot be significant/);
  assertEquals(outcomeOf(judgement, [], null).verdict, "inconclusive");
  // 4 against 4 can: 2 of the 70 ways to rank them.
  const four = new Source(8, { trials: 4 });
  assertEquals(judge(four.baseline(1), four.run(), THRESHOLD).judged.length, 40);
});

Deno.test("without confirmation all judged cells share one error rate", () => {
  const corrected = { ...THRESHOLD, corrected: true };
  // 6 against 6 reach 0.002, enough for 23 cells and not for 40.
  const source = new Source(9);
  const few = judge(source.baseline(1), source.run(), corrected);
  assertEquals([few.judged.length, few.unjudged.length], [23, 17]);
  const source2 = new Source(10);
  const baseline = source2.baseline(5);
  const now = source2.run({ times: 1.5, slow: [cellId(5)] });
  const judgement = judge(baseline, now, corrected);
  assertEquals(judgement.judged.length, 40);
  assertEquals(suspectsOf(judgement).map(({ id }) => id), [cellId(5)]);
  let alarms = 0;
  for (let seed = 700; seed < 760; seed++) {
    const quiet = new Source(seed, { runSpread: 0.03, trialSpread: 0.05 });
    alarms += suspectsOf(judge(quiet.baseline(), quiet.run(), corrected)).length;
  }
  assert(alarms <= 3, `${alarms} false alarms in 60 checks of 40 cells`);
});

Deno.test("a suspect that fresh trials do not repeat is no regression", () => {
  const source = new Source(11);
  const baseline = source.baseline();
  const judgement = judge(baseline, source.run({ times: 2, slow: [cellId(6)] }), THRESHOLD);
  const suspects = suspectsOf(judgement);
  assertEquals(suspects.map(({ id, direction }) => [id, direction]), [[cellId(6), "slower"]]);
  const only = new Map(suspects.map((cell) => [cell.id, cell]));
  for (const times of [1, 0.5]) {
    const fresh = judge(baseline, source.run({ times, slow: [cellId(6)] }), { ...THRESHOLD, only });
    const confirmed = confirmedBy(suspects, fresh);
    assertEquals(confirmed, []);
    const outcome = outcomeOf(judgement, suspects, { judgement: fresh, confirmed });
    assertEquals([outcome.verdict, outcome.unconfirmed.length], ["pass", 1]);
  }
});

Deno.test("a suspect that cannot be measured again leaves the check open", () => {
  const source = new Source(12);
  const baseline = source.baseline();
  const judgement = judge(baseline, source.run({ times: 2, slow: [cellId(6)] }), THRESHOLD);
  const suspects = suspectsOf(judgement);
  const lost = source.run();
  lost.cells = lost.cells.filter(({ id }) => id !== cellId(6));
  const only = new Map(suspects.map((cell) => [cell.id, cell]));
  const fresh = judge(baseline, lost, { ...THRESHOLD, only });
  const outcome = outcomeOf(judgement, suspects, { judgement: fresh, confirmed: [] });
  assertEquals(outcome.verdict, "inconclusive");
  assertMatch(outcome.reasons.join(), /looked slower and could not be measured again/);
});

function without(run: RunDocument, index: number, instead?: Partial<Cell>): RunDocument {
  const cells = run.cells.flatMap((cell) => {
    if (cell.id !== cellId(index)) return [cell];
    const { id, facility, workload, placement, participants, count, awake, unit, better } = cell;
    const common = { id, facility, workload, placement, participants, count, awake, unit, better };
    return instead ? [{ ...common, warnings: [], ...instead } as Cell] : [];
  });
  return { ...run, cells };
}

Deno.test("what one side lacks is not judged, with the reason", () => {
  const source = new Source(13);
  const baseline = source.baseline();
  const rows: [RunDocument[], RunDocument, RegExp, string][] = [
    [baseline, without(source.run(), 1), /the candidate did not measure it/, "pass"],
    [
      baseline.map((run) => without(run, 1)),
      source.run(),
      /the baseline has no figure of it/,
      "pass",
    ],
    [
      baseline,
      without(source.run(), 1, { status: "failed", reason: "3 of 9 operations went wrong" }),
      /it failed: 3 of 9/,
      "inconclusive",
    ],
    [
      baseline,
      without(source.run(), 1, { status: "not-applicable", reason: "ENOSYS" }),
      /not applicable any more: ENOSYS/,
      "inconclusive",
    ],
  ];
  for (const [before, now, reason, verdict] of rows) {
    const judgement = judge(before, now, THRESHOLD);
    assertEquals(judgement.judged.length, 39);
    assertEquals(judgement.unjudged.map(({ id }) => id), [cellId(1)]);
    assertMatch(judgement.unjudged[0]!.reason, reason);
    assertEquals(outcomeOf(judgement, [], null).verdict, verdict, reason.source);
  }
});

Deno.test("what neither side has is not spoken of", () => {
  const source = new Source(14);
  const none = { status: "not-applicable", reason: "too large" } as const;
  const baseline = source.baseline().map((run) => without(run, 1, none));
  const judgement = judge(baseline, without(source.run(), 1, none), THRESHOLD);
  assertEquals([judgement.judged.length, judgement.unjudged], [39, []]);
});

Deno.test("where most common cells cannot be judged, the check is open", () => {
  const source = new Source(17);
  const cut = (run: RunDocument) => ({
    ...run,
    cells: run.cells.map((cell): Cell => {
      const own = cell as MeasuredCell;
      return own.control || own.id < cellId(2) ? own : { ...own, trials: own.trials.slice(0, 1) };
    }),
  });
  const judgement = judge(source.baseline().map(cut), cut(source.run()), THRESHOLD);
  assert(judgement.judged.length > 0);
  assertMatch(outcomeOf(judgement, [], null).reasons.join(), /only \d+ of 40 common cells/);
});

Deno.test("a rate is worse when it is lower", () => {
  const source = new Source(16);
  const rate = cellId(3);
  const { outcome } = checkSource(source, source.baseline(), { times: 1.5, slow: [rate] });
  const [cell] = outcome.regressed;
  assertEquals([cell!.id, cell!.unit], [rate, "ops/s"]);
  assert(cell!.ratio > 1.4 && cell!.candidate < cell!.baseline);
});
