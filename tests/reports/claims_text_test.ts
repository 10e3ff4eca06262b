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
