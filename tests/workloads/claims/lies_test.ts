import { assertEquals } from "@std/assert";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { CLAIMS } from "../../../workloads/claims/catalogue.ts";
import { runClaims } from "../../../workloads/claims/run_claims.ts";
import { lie } from "./lies.ts";

// A dynamic library that a test opens counts as a leak of that test.
await Promise.all(LEAVES.map(({ load }) => load()));

/** For each claim, facilities of which it must not hold. */
const FOUND_OUT: Record<string, string[]> = {
  "undelimited": ["message-as-stream"],
  "whole-message": ["stream-as-message"],
  "destructive-read": ["read-that-leaves-all"],
  "peek": ["pipe-as-socket"],
  "automatic-synchronization": [
    "read-that-never-waits",
    "write-that-never-waits",
    "wait-that-never-waits",
  ],
  "two-copies": ["memory-as-transfer"],
  "same-pages": ["memory-of-one's-own"],
  "not-destructive": ["memory-of-one's-own"],
  "needs-synchronization": ["memory-of-one's-own"],
};

for (const { id } of CLAIMS) {
  Deno.test(`claim ${id} does not hold of a facility that is not what it says`, async () => {
    const lies = FOUND_OUT[id]!;
    const verdicts = await runClaims({ claims: [id], facilities: lies.map(lie) });
    assertEquals(
      verdicts.map(({ verdict, observed }, index) => [lies[index], verdict, observed !== ""]),
      lies.map((name) => [name, "fails", true]),
    );
  });
}
