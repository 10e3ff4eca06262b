import { assert, assertEquals } from "@std/assert";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { advise, type Answer } from "../../../reports/advise/answer.ts";
import { basisOf } from "../../../reports/advise/basis.ts";
import { declarations } from "../../../reports/advise/declare.ts";
import {
  contradiction,
  PATTERNS,
  type Requirements,
  requirementsOf,
} from "../../../reports/advise/requirements.ts";
import { admittedRun } from "./admitted_run.ts";
import { shownWords } from "../../../reports/advise/words.ts";
import { NOTHING, SITUATIONS, USUAL } from "./situations.ts";

const facilities = await declarations(USUAL);

const wordsOf = ({ pattern, sizeBytes, needs }: Requirements) =>
  [pattern, sizeBytes, ...needs].filter((word) => word !== undefined).join(" ");
const admissible = ({ ranked, unmeasured }: Answer) =>
  [...ranked, ...unmeasured].map(({ facility }) => facility).sort();

for (const { admissible: expected, ...asked } of SITUATIONS) {
  const question = requirementsOf(asked);
  Deno.test(`advise admits by semantics: ${wordsOf(question)}`, () => {
    const answer = advise(question, facilities, NOTHING);
    assertEquals(admissible(answer), [...expected].sort());
    const leaves = LEAVES.map(({ id }) => id);
    const left = leaves.filter((id) => !expected.includes(id));
    assertEquals(answer.excluded.map(({ facility }) => facility), left);
    for (const { reason, claim } of answer.excluded) assert(reason.length > 10 && claim);
  });
}

Deno.test("the ranking is the order that was measured, and ties are what the intervals reach", () => {
  for (let seed = 1; seed <= 20; seed++) {
    for (const pattern of ["request-reply", "stream", "mutual-exclusion"] as const) {
      const question = requirementsOf({ pattern });
      const { unmeasured } = advise(question, facilities, NOTHING);
      const run = admittedRun(question, unmeasured, seed);
      const { ranked } = advise(question, facilities, basisOf(run));
      const measured = run.cells.filter((cell) => cell.status === "measured");
      const sign = measured[0]!.better === "lower" ? 1 : -1;
      const order = measured.toSorted((a, b) => sign * (a.estimate - b.estimate));
      assertEquals(ranked.map(({ cell }) => cell), order.map(({ id }) => id));
      let leader = ranked[0]!;
      for (const each of ranked) {
        const [near, far] = sign > 0 ? [0, 1] : [1, 0];
        const reaches = sign * (each.ci95[near]! - leader.ci95[far]!) <= 0;
        if (!reaches) leader = each;
        assertEquals(each.rank, ranked.indexOf(leader) + 1);
      }
      for (const { rank, tie } of ranked) {
        assertEquals(tie, ranked.filter((each) => each.rank === rank).length > 1);
      }
      assert(ranked.some(({ tie }) => tie) && ranked.some(({ rank }) => rank > 1));
    }
  }
});

Deno.test("the best series that will do stands for its facility", () => {
  const ids = (needs: Requirements["needs"]) => {
    const question = requirementsOf({ needs });
    const { unmeasured } = advise(question, facilities, NOTHING);
    const run = admittedRun(question, unmeasured, 1, [
      { facility: "unix-stream", variant: "socketpair", estimate: 1 },
      { facility: "unix-stream", variant: "pathname", estimate: 2 },
      { facility: "posix-shared-memory", wait: "eventfd", estimate: 3 },
      { facility: "posix-shared-memory", wait: "realtime-signal", estimate: 4 },
      { facility: "posix-shared-memory", wait: "futex", estimate: 5 },
    ]);
    const { ranked } = advise(question, facilities, basisOf(run));
    return ranked.filter(({ estimate }) => estimate <= 5).map(({ label }) => label);
  };
  assertEquals(ids([]), ["UNIX stream socket · socketpair", "POSIX shared memory · eventfd"]);
  assertEquals(ids(["unrelated"]), [
    "UNIX stream socket · pathname",
    "POSIX shared memory · realtime-signal",
  ]);
  assertEquals(ids(["other-users"]), [
    "UNIX stream socket · pathname",
    "POSIX shared memory · futex",
  ]);
});

Deno.test("a rate and a budget leave out what is too slow or too dear, by its cell", () => {
  const question = requirementsOf({ perSecond: 100_000, cpuShare: 0.2 });
  const { unmeasured } = advise(question, facilities, NOTHING);
  const run = admittedRun(question, unmeasured.filter(({ facility }) => facility === "tcp"), 1, [
    { facility: "pipe", estimate: 9_000, cpuNs: 1_000 },
    { facility: "fifo", estimate: 11_000, cpuNs: 1_000 },
    { facility: "udp", estimate: 5_000, cpuNs: 2_500 },
    { facility: "memfd", wait: "spin", estimate: 100, cpuNs: 200 },
    { facility: "memfd", wait: "futex", estimate: 7_000, cpuNs: 1_900 },
    { facility: "file-mapping", wait: "spin", estimate: 100, cpuNs: 200 },
  ]);
  const { ranked, excluded } = advise(question, facilities, basisOf(run));
  assertEquals(
    ranked.filter(({ facility }) => facility !== "tcp").map((each) => [
      each.label,
      Math.round(each.cpuShare! * 1000) / 1000,
    ]),
    [["memfd · futex", 0.19], ["Pipe", 0.1]],
  );
  assertEquals(
    excluded.filter(({ cell }) => cell).map((
      { facility, rule, reason },
    ) => [facility, rule, reason]),
    [
      ["fifo", "rate", "it was measured at 90.9\u00a0k/s, less than 100\u00a0k/s"],
      ["udp", "cpu-budget", "at 100\u00a0k/s it takes 25\u00a0% of a CPU, more than 20\u00a0%"],
      [
        "file-mapping",
        "cpu-budget",
        "at 100\u00a0k/s it takes 100\u00a0% of a CPU, for it spins, more than 20\u00a0%",
      ],
    ],
  );
});

Deno.test("a claim that fails speaks against what a facility declares", () => {
  const question = requirementsOf({ needs: ["pollable"] });
  const verdicts = [{ id: "pollable", facility: "pipe", verdict: "fails" as const }];
  const { excluded, unmeasured } = advise(question, facilities, { ...NOTHING, verdicts });
  assert(!unmeasured.some(({ facility }) => facility === "pipe"));
  const pipe = excluded.find(({ facility }) => facility === "pipe")!;
  assertEquals([pipe.rule, pipe.claim], ["pollable", { id: "pollable", verdict: "fails" }]);
});

Deno.test("a claim that could not be tried speaks neither for a facility nor against it", () => {
  const question = requirementsOf({ needs: ["pollable"] });
  const tried = (...verdicts: ("holds" | "fails" | "unknown")[]) => {
    const about = verdicts.map((verdict) => ({ id: "pollable", facility: "pipe", verdict }));
    const rows = basisOf(admittedRun(question, [{ facility: "pipe" }])).rows;
    const { ranked, excluded } = advise(question, facilities, {
      ...{ rows, obstacles: [], verdicts: about },
    });
    const answer = [
      ...ranked.flatMap(({ facility, claims }) => facility === "pipe" ? claims : []),
      ...excluded.flatMap(({ facility, claim }) => facility === "pipe" && claim ? [claim] : []),
    ];
    return answer.find(({ id }) => id === "pollable")?.verdict;
  };
  assertEquals(tried(), "untried");
  assertEquals(tried("unknown"), "unknown");
  // What was found out at another time is more than what could not be.
  assertEquals(tried("unknown", "holds"), "holds");
  assertEquals(tried("holds", "unknown"), "holds");
  assertEquals(tried("unknown", "fails"), "fails");
  assertEquals(
    shownWords({ id: "pollable", verdict: "unknown" }),
    "pollable could not be tried here",
  );
});

Deno.test("what a run could not measure has its reason, what it did not measure has none", () => {
  const question = requirementsOf({ sizeBytes: 64 });
  const { workload } = PATTERNS[question.pattern];
  const obstacle = { workload, sizeBytes: 64, participants: "process" as const };
  const { unmeasured } = advise(question, facilities, {
    ...NOTHING,
    obstacles: [{ ...obstacle, facility: "pipe", reason: "no descriptors are left" }],
  });
  const reasons = new Map(unmeasured.map(({ facility, reason }) => [facility, reason]));
  assertEquals(reasons.get("pipe"), "no descriptors are left");
  assertEquals(reasons.get("fifo"), null);
  assert(reasons.get("anonymous-mapping")?.includes("between threads"));
});

Deno.test("questions that contradict themselves are told so", () => {
  const rows: [RegExp | null, Parameters<typeof contradiction>[0]][] = [
    [null, {}],
    [null, { pattern: "wake-up", needs: ["priorities", "unrelated"] }],
    [/--size is about messages, and wake-up/, { pattern: "wake-up", sizeBytes: 1 }],
    [/--boundaries is about/, { pattern: "mutual-exclusion", needs: ["boundaries"] }],
    [/--priorities is about/, { pattern: "mutual-exclusion", needs: ["priorities"] }],
    [/--threads and --unrelated exclude/, { needs: ["unrelated", "threads"] }],
    [/--threads and --network-later exclude/, { needs: ["network-later", "threads"] }],
    [/--cpu-budget is a budget at some rate/, { cpuShare: 0.2 }],
    [null, { cpuShare: 0.2, perSecond: 1 }],
  ];
  for (const [expected, asked] of rows) {
    const told = contradiction(asked);
    assert(expected ? told && expected.test(told) : told === null, `${told}`);
  }
});
