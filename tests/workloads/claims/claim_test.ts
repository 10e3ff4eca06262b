import { assertEquals } from "@std/assert";
import { cannotTry, Evidence, outcome } from "../../../workloads/claims/claim.ts";
import { Refusal } from "../../../workloads/claims/crew.ts";

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

Deno.test("what cannot be tried is not applicable, with the reason", () => {
  assertEquals(cannotTry("this", "no root"), {
    verdict: "not-applicable",
    expected: "this",
    observed: "not tried",
    reason: "no root",
  });
});

Deno.test("an outcome is the value, or the name of the error", async () => {
  assertEquals(await outcome(Promise.resolve("text")), "text");
  assertEquals(await outcome(Promise.resolve([1, 2])), "1, 2");
  assertEquals(await outcome(Promise.resolve()), "success");
  assertEquals(await outcome(Promise.reject(new Refusal("read failed", "EBADF"))), "EBADF");
  assertEquals(await outcome(Promise.reject(new TypeError("no"))), "TypeError");
});
