import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { claimsText } from "../../reports/claims_text.ts";
import type { ClaimVerdict } from "../../workloads/runner/document.ts";

function verdict(id: string, facility: string, more: Partial<ClaimVerdict> = {}): ClaimVerdict {
  return {
    id,
    statement: `The statement of ${id}.`,
    section: "43.2",
    facility,
    verdict: "holds",
    expected: "this",
    observed: "this",
    ...more,
  };
}

const text = (verdicts: ClaimVerdict[], width = 80) => stripAnsiCode(claimsText(verdicts, width));

Deno.test("a statement shows what was seen of which facilities, and why not of others", () => {
  const lines = text([
    verdict("peek", "tcp"),
    verdict("peek", "udp"),
    verdict("peek", "unix-stream", { verdict: "fails", observed: "that" }),
    verdict("peek", "pipe", { verdict: "not-applicable", reason: "it is no socket" }),
  ]).split("\n");
  assertEquals(lines.slice(0, 8), [
    "peek  ✗ fails  §43.2",
    "  The statement of peek.",
    "  ✓ tcp, udp",
    "    this",
    "  ✗ unix-stream",
    "    expected this",
    "    observed that",
    "  – pipe: it is no socket",
  ]);
  assertEquals(lines.at(-1), "2 hold, 1 fail, 1 not applicable");
});

Deno.test("a statement that could not be tried says why, and is neither held nor failed", () => {
  const unknown = (facility: string, reason: string) =>
    verdict("peek", facility, { verdict: "unknown", observed: "not tried", reason });
  const lines = text([
    verdict("peek", "pipe"),
    unknown("tcp", "socket failed: EMFILE; raise it"),
    unknown("udp", "socket failed: EMFILE; raise it"),
  ]).split("\n");
  assertEquals(lines.slice(0, 5), [
    "peek  ✓ holds, ? partly unknown  §43.2",
    "  The statement of peek.",
    "  ✓ pipe",
    "    this",
    "  ? tcp, udp: socket failed: EMFILE; raise it",
  ]);
  assertEquals(lines.at(-1), "1 hold, 0 fail, 2 unknown, 0 not applicable");
  assertEquals(text([unknown("tcp", "no")]).split("\n")[0], "peek  ? unknown  §43.2");
  const failing = [unknown("tcp", "no"), verdict("peek", "udp", { verdict: "fails" })];
  assertEquals(text(failing).split("\n")[0], "peek  ✗ fails  §43.2");
});

Deno.test("two facilities are not alike because neither could be tried", () => {
  const reasons = { "sysv-semaphore": "no right", "posix-named-semaphore": "no room" };
  const pairs = text(
    Object.entries(reasons).map(([facility, reason]) =>
      verdict("threads", facility, { verdict: "unknown", observed: "not tried", reason })
    ),
  ).split("side by side\n")[1]!;
  assertMatch(pairs, /\? sysv-semaphore: no right\n +\? posix-named-semaphore: no room/);
  assert(!pairs.includes("alike"));
});

Deno.test("every pair of statement and facility is in the matrix", () => {
  const matrix = text([
    verdict("peek", "tcp"),
    verdict("peek", "pipe", { verdict: "not-applicable" }),
    verdict("threads", "tcp", { verdict: "fails" }),
    verdict("threads", "pipe"),
  ]).split("Statements and facilities\n")[1]!;
  assertEquals(matrix.split("\n").slice(0, 6), [
    "         1  2",
    "peek     ✓  –",
    "threads  ✗  ✓",
    "",
    "  1  tcp",
    "  2  pipe",
  ]);
});

Deno.test("System V and POSIX stand side by side: values, what differs, what is alike", () => {
  const both = (id: string, first: Partial<ClaimVerdict>, second: Partial<ClaimVerdict>) => [
    verdict(id, "sysv-semaphore", first),
    verdict(id, "posix-named-semaphore", second),
  ];
  const pairs = text([
    ...both("handle", { value: "ipc-id" }, { value: "pointer" }),
    ...both("threads", {}, {}),
    ...both("similar-facilities", { observed: "EIDRM" }, { observed: "works" }),
  ]).split("side by side\n")[1]!;
  assertMatch(pairs, /Semaphore +sysv-semaphore +posix-named-semaphore/);
  assertMatch(pairs, /handle +ipc-id +pointer/);
  assertMatch(pairs, /similar-facilities\n +✓ sysv-semaphore: EIDRM\n +✓ posix-named-.*: works/);
  assertStringIncludes(pairs, "alike in threads");
});

Deno.test("the word on the notes stands there when the slip was shown, and only then", () => {
  const slip = "datagrams-are-messages";
  assertStringIncludes(text([verdict(slip, "udp")]), "seems to be a slip");
  assert(!text([verdict(slip, "udp", { verdict: "fails" })]).includes("slip"));
  assert(!text([verdict("peek", "udp")]).includes("slip"));
});

Deno.test("no line is wider than the terminal, unless a single word is", () => {
  const long = "word ".repeat(60).trim();
  const lines = text(
    [verdict("peek", "tcp", { statement: long, observed: long, reason: long })],
    60,
  ).split("\n");
  assertEquals(lines.filter((line) => line.length > 60), []);
});
