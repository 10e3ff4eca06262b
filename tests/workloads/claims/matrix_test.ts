import { assertEquals } from "@std/assert";
import {
  pairTables,
  PROPERTIES,
  propertyMatrix,
  verdictMatrix,
} from "../../../workloads/claims/matrix.ts";
import { CLAIMS } from "../../../workloads/claims/catalogue.ts";
import type { ClaimVerdict } from "../../../workloads/runner/document.ts";

function verdict(id: string, facility: string, more: Partial<ClaimVerdict> = {}): ClaimVerdict {
  return {
    id,
    statement: `what ${id} says`,
    facility,
    verdict: "holds",
    expected: "this",
    observed: "this",
    ...more,
  };
}

Deno.test("a property has the value that its claim proved, and none where the claim fails", () => {
  const { properties, rows } = propertyMatrix([
    verdict("undelimited", "pipe", { value: "byte stream" }),
    verdict("whole-message", "pipe", { verdict: "not-applicable", reason: "no messages" }),
    verdict("persistence", "pipe", { verdict: "fails", observed: "that", value: "kernel" }),
    verdict("undelimited", "mutex", { verdict: "not-applicable", reason: "no data" }),
  ]);
  assertEquals(properties.map(({ id }) => id), PROPERTIES.map(({ id }) => id));
  assertEquals(rows, [
    {
      facility: "pipe",
      cells: {
        persistence: { value: null, claim: "persistence", verdict: "fails", observed: "that" },
        boundaries: {
          value: "byte stream",
          claim: "undelimited",
          verdict: "holds",
          observed: "this",
        },
      },
    },
    {
      facility: "mutex",
      cells: {
        boundaries: {
          value: null,
          claim: "undelimited",
          verdict: "not-applicable",
          observed: "this",
          reason: "no data",
        },
      },
    },
  ]);
});

Deno.test("every claim about a property is in the catalogue and says its value", () => {
  const valued = new Set(CLAIMS.filter(({ value }) => value).map(({ id }) => id));
  assertEquals(PROPERTIES.flatMap(({ claims }) => claims).toSorted(), [...valued].toSorted());
});

Deno.test("a pair shows the statements that apply to one of it at least", () => {
  const both = (id: string, more: [Partial<ClaimVerdict>, Partial<ClaimVerdict>]) => [
    verdict(id, "sysv-semaphore", more[0]),
    verdict(id, "posix-named-semaphore", more[1]),
  ];
  const [table, ...others] = pairTables([
    ...both("handle", [{ value: "ipc-id" }, { value: "pointer", observed: "that" }]),
    ...both("threads", [{}, {}]),
    ...both("peek", [{ verdict: "not-applicable" }, { verdict: "not-applicable" }]),
    ...both("robustness", [{}, { verdict: "not-applicable" }]),
    verdict("handle", "sysv-message-queue"),
  ]);
  assertEquals(others, []);
  assertEquals(table!.facilities, ["sysv-semaphore", "posix-named-semaphore"]);
  assertEquals(table!.rows.map(({ claim, alike }) => [claim, alike]), [
    ["handle", false],
    ["threads", true],
    ["robustness", false],
  ]);
});

Deno.test("the matrix has a verdict for each pair, and none for pairs that were not tried", () => {
  assertEquals(
    verdictMatrix([
      verdict("peek", "tcp"),
      verdict("peek", "pipe", { verdict: "not-applicable" }),
      verdict("threads", "tcp", { verdict: "fails" }),
    ]),
    {
      facilities: ["tcp", "pipe"],
      rows: [
        { claim: "peek", verdicts: ["holds", "not-applicable"] },
        { claim: "threads", verdicts: ["fails", null] },
      ],
    },
  );
});
