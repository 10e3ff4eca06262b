// @gate alone

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
    "blocking-as-losing",
  ],
  "two-copies": ["memory-as-transfer"],
  "same-pages": ["memory-of-one's-own"],
  "not-destructive": ["memory-of-one's-own"],
  "needs-synchronization": ["memory-of-one's-own"],
  "datagrams-are-messages": ["datagram-as-stream", "stream-socket-as-message"],
  "no-partial-message": ["stream-socket-as-message", "queue-as-socket"],
  "pseudoterminal": ["socketpair-as-terminal"],
  "one-to-many": ["datagram-as-udp"],
  "signal-number": ["queueing-as-coalescing"],
  "realtime-queue": ["signal-without-its-value", "pipe-as-signal"],
  "similar-facilities": ["posix-as-system-v", "system-v-as-posix"],
  "notification": ["socket-as-queue", "descriptor-as-id"],
  "threads-share-variables": ["channel-that-brings-nothing"],
  "threads": ["process's-as-thread's"],
  "mutual-exclusion": ["lock-that-does-not-lock"],
  "lock-ownership": ["open-file's-as-process's", "process's-as-open-file's"],
  "robustness": ["stuck-as-released", "stuck-as-reported", "released-as-stuck"],
  "priority": ["last-in-first-out", "socket-as-queue", "posix-as-system-v", "pipe-as-signal"],
  "identifier": [
    "nameless-as-named",
    "named-as-nameless",
    "named-as-nameless-variant",
    "pipe-as-signal",
  ],
  "handle": ["socket-as-queue", "queue-as-socket", "descriptor-as-id", "descriptor-as-pointer"],
  "accessibility": ["anyone's-as-masked", "masked-as-anyone's", "masked-as-kin's"],
  "persistence": ["fleeting-as-lasting", "lasting-as-fleeting", "memory-as-file"],
  "pollable": ["pollable-as-not", "not-as-pollable"],
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
