// @gate both alone

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { geteuid } from "../../../facilities/libc/unistd.ts";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { CLAIMS } from "../../../workloads/claims/catalogue.ts";
import { runClaims } from "../../../workloads/claims/run_claims.ts";
import type { ClaimVerdict } from "../../../workloads/runner/document.ts";
import { amount } from "../../extent.ts";
import { citedClaims } from "../../reports/advise/cited.ts";
import { watchForLeftovers } from "./leftovers.ts";

// A dynamic library that a test opens counts as a leak of that test.
await Promise.all(LEAVES.map(({ load }) => load()));

/** How often all experiments are made; they must agree every time. */
const RUNS = Number(Deno.env.get("CLAIMS_RUNS") ?? amount(2, 3));

function failures(verdicts: readonly ClaimVerdict[]): string[] {
  return verdicts
    .filter(({ verdict }) => verdict === "fails")
    .map(({ id, facility, expected, observed }) =>
      `${id} of ${facility}: expected ${expected}, observed ${observed}`
    );
}

Deno.test(`all claims hold on this kernel, ${RUNS} times in a row, within 30 s each, and leave nothing`, async () => {
  const assertNothingLeft = watchForLeftovers();
  const first = await runClaims();
  assertEquals(failures(first), []);
  assertEquals(first.length, CLAIMS.length * LEAVES.length);
  const verdictsOf = (verdicts: readonly ClaimVerdict[]) =>
    verdicts.map(({ id, facility, verdict }) => [id, facility, verdict]);
  for (let run = 1; run < RUNS; run++) {
    const again = await runClaims();
    assertEquals(failures(again), []);
    assertEquals(verdictsOf(again), verdictsOf(first));
  }
  await assertNothingLeft();
});

Deno.test("every claim applies to a facility, and each that advise cites holds of its own", async () => {
  const verdicts = await runClaims();
  const tried = new Set(verdicts.filter(({ verdict }) => verdict === "holds").map(({ id }) => id));
  assertEquals(CLAIMS.map(({ id }) => id).filter((id) => !tried.has(id)), []);
  // Only root can become another user.
  const skipped = geteuid() === 0 ? [] : ["accessibility"];
  const held = verdicts.filter(({ verdict, id }) => verdict === "holds" || skipped.includes(id))
    .map(({ id, facility }) => `${id} ${facility}`);
  const cited = await citedClaims();
  assert(cited.length > 100);
  assertEquals(cited.filter((pair) => !held.includes(pair)), []);
});

Deno.test("an experiment that gets no further ends at its deadline, and says nothing of the claim", async () => {
  const assertNothingLeft = watchForLeftovers();
  const url = new URL("./stuck.ts", import.meta.url).href;
  const [verdict] = await runClaims({
    claims: ["undelimited"],
    facilities: [url],
    deadlineMs: 5000,
  });
  assertEquals([verdict?.verdict, verdict?.observed], ["unknown", "not tried"]);
  assertMatch(
    verdict?.reason ?? "",
    /^not done within 5000 ms \(participant \d at \w+, asleep in read on pipe:.*\); if .* busy/,
  );
  await assertNothingLeft();
});

Deno.test("an aborted run ends at once and returns what it found", async () => {
  const controller = new AbortController();
  const verdicts = await runClaims({
    claims: ["undelimited"],
    facilities: ["pipe", new URL("./stuck.ts", import.meta.url).href],
    signal: controller.signal,
    onProgress: () => controller.abort(),
    atOnce: 1,
  });
  assertEquals(verdicts.map(({ facility }) => facility), ["pipe"]);
});

Deno.test("an unknown claim is refused", async () => {
  await assertRejects(() => runClaims({ claims: ["peak"] }), RangeError, '"peak"');
});
