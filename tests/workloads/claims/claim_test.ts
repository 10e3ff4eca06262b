import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ERRNO, SystemCallError } from "../../../facilities/libc/errno.ts";
import { cannotTry, Evidence, outcome } from "../../../workloads/claims/claim.ts";
import { Awake } from "../../../workloads/claims/crew.ts";
import { CannotTry, obstacleIn } from "../../../workloads/claims/obstacle.ts";
import { ENDED, Refusal } from "../../../workloads/claims/refusal.ts";
import type { Verb } from "../../../workloads/claims/verbs/mod.ts";

Deno.test("a claim holds when every step was as expected, and there was one", () => {
  const rows: [Evidence, string][] = [
    [new Evidence(), "fails"],
    [new Evidence().note("nothing was tried"), "fails"],
    [new Evidence().expect("a", 1, 1), "holds"],
    [new Evidence().expect("a", 1, 1).expect("b", ["x", 2], ["x", 2]), "holds"],
    [new Evidence().expect("a", 1, 2).expect("b", "x", "x"), "fails"],
    [new Evidence().expect("a", "x", null), "fails"],
  ];
  for (const [evidence, verdict] of rows) assertEquals(evidence.finding().verdict, verdict);
});

Deno.test("the evidence tells every step and what else was seen", () => {
  assertEquals(
    new Evidence().expect("a", [1, 2], [1, 3]).expect("b", "x", "x").note("n").note("m").finding(),
    {
      verdict: "fails",
      expected: "a: 1, 2; b: x",
      observed: "a: 1, 3; b: x",
      reason: "n; m",
    },
  );
});

Deno.test("what could not be tried is unknown, with the reason and what would help", () => {
  const finding = cannotTry("this", { what: "mq_open failed: ENOSYS", remedy: "another kernel" });
  assertEquals(finding, {
    verdict: "unknown",
    expected: "this",
    observed: "not tried",
    reason: "mq_open failed: ENOSYS; another kernel",
  });
  assertEquals(cannotTry("this", { what: "odd", remedy: null }).reason, "odd");
});

Deno.test("an outcome is the value, or the name of the error", async () => {
  assertEquals(await outcome(Promise.resolve("text")), "text");
  assertEquals(await outcome(Promise.resolve([1, 2])), "1, 2");
  assertEquals(await outcome(Promise.resolve()), "success");
  assertEquals(await outcome(Promise.reject(new Refusal("read failed", "EBADF"))), "EBADF");
  assertEquals(await outcome(Promise.reject(new TypeError("no"))), "TypeError");
});

Deno.test("an obstacle is no outcome, unless it was expected", async () => {
  const refused = () => Promise.reject(new Refusal("open failed: EACCES", "EACCES"));
  await assertRejects(() => outcome(refused()), Refusal);
  assertEquals(await outcome(refused(), "EPERM", "EACCES"), "EACCES");
  await assertRejects(() => outcome(Promise.reject(new Refusal("a has ended", ENDED))), Refusal);
});

/** What an error tells of, where it tells of an obstacle. */
const OBSTACLES: [Error, RegExp | null][] = [
  [new SystemCallError("open", ERRNO.EACCES, "/proc/1/syscall"), /EACCES; run as a user/],
  [new SystemCallError("open", ERRNO.ENOENT, "/proc/1/syscall"), /ENOENT/],
  [new CannotTry("not done within 3 ms", "wait"), /not done within 3 ms; wait/],
  [refusal("attach", "ENOSYS", "mq_open"), /ENOSYS; use a kernel that has the call/],
  [refusal("create", "EMFILE", "mq_open"), /EMFILE; .*ulimit -q/],
  [refusal("create", "ENOENT", "shm_open"), /ENOENT/],
  [refusal("create", "limit"), /limit; raise the limit/],
  [refusal("queueSignal", "EAGAIN", "sigqueue"), /EAGAIN; .*ulimit -i/],
  [refusal("send", ENDED), /a participant .*ended.*; see the kernel log/],
  [refusal("attach", "ENOENT", "shm_open"), null],
  [refusal("receive", "EAGAIN", "read"), null],
  [refusal("acquire", "constructor", "toString"), null],
  [new TypeError("none is attached"), null],
  [new Awake("it returned instead of sleeping"), null],
];

function refusal(verb: Verb, code: string, call?: string): Refusal {
  return new Refusal(`participant 7 in ${call ?? verb} failed: ${code}`, code, { verb, call });
}

Deno.test("errors of the machine are told from what a facility does", () => {
  for (const [error, expected] of OBSTACLES) {
    const obstacle = obstacleIn(error);
    if (expected === null) assertEquals(obstacle, null, error.message);
    else assertMatch(cannotTry("", obstacle!).reason!, expected);
  }
});

Deno.test("what was chosen at random for an experiment does not stand in its reason", () => {
  const rows: [string, string][] = [
    ["shm_open /ipc-taxonomy-0-run-0a1b failed: EROFS", "shm_open /ipc-taxonomy-… failed: EROFS"],
    ["mkdir /tmp/ipc-taxonomy-0-x/3-100 failed: EROFS", "mkdir /tmp/ipc-taxonomy-… failed: EROFS"],
    ["msgget key -4711 failed: ENOSPC", "msgget key … failed: ENOSPC"],
  ];
  for (const [message, what] of rows) {
    assertEquals(obstacleIn(new Refusal(message, "EROFS"))?.what, what);
  }
});
