// @gate both alone

import { assertEquals } from "@std/assert";
import { facility } from "../../facilities/shared_variable.ts";
import { WORD } from "./participant.ts";
import { together } from "./together.ts";
import { testTransfer } from "./transfer.ts";

for (const { id: variant } of facility.variants!) {
  const variable = { facility: facility.id, variant, participants: "thread" } as const;

  testTransfer({ ...variable, maxBytes: 32_768, turns: 300 }, ["thread"]);

  for (const count of [2, 1]) {
    Deno.test(`shared variable, ${variant}: ${count} threads take turns`, async () => {
      await together({ ...variable, capability: "notifier", count }, "hand-off", 5_000);
    });
  }
  for (const count of [1, 2, 4]) {
    Deno.test(`shared variable, ${variant}: ${count} threads exclude each other`, async () => {
      await together(
        { ...variable, capability: "lock", count },
        "increment",
        4_000,
        ({ words }) => assertEquals(words[WORD.counter], count * 4_000),
      );
    });
  }
  Deno.test(`shared variable, ${variant}: two threads pass their turn on over three locks`, async () => {
    await together({ ...variable, capability: "lock" }, "lock-hand-off", 2_000);
  });
}

Deno.test("shared variables are refused to processes, with the reason", () => {
  assertEquals(facility.inapplicable!("thread"), null);
  assertEquals(
    facility.inapplicable!("process"),
    "the threads of one process alone share its variables",
  );
});
