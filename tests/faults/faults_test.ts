// @gate alone

import { assertEquals } from "@std/assert";
import { ALL_FAULTS } from "./all.ts";
import { inject } from "./inject.ts";
import { table } from "./table.ts";

/** `deno task faults` tries the others too, and as many as are asked for. */
const FAULTS = ALL_FAULTS.filter((fault) => !fault.isVariation && !fault.inapplicable?.());

Deno.test("the suite copes with every kind of fault", async () => {
  const injections = await inject(FAULTS, { count: FAULTS.length, seed: 1, atOnce: 3 });
  const failed = injections.filter(({ failure }) => failure !== null);
  assertEquals(failed, [], table(injections));
});
