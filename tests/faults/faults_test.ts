import { assertEquals } from "@std/assert";
import { ALL_FAULTS } from "./all.ts";
import { inject } from "./inject.ts";
import { table } from "./table.ts";

/** One of each; `deno task faults --count 200` tries more. */
const COUNT = Number(Deno.env.get("FAULTS") ?? ALL_FAULTS.length);
const SEED = 1;

Deno.test("the suite copes with every kind of fault", async () => {
  const faults = ALL_FAULTS.filter(({ inapplicable }) => !inapplicable?.());
  const injections = await inject(faults, { count: Math.min(COUNT, 1e4), seed: SEED });
  const failed = injections.filter(({ failure }) => failure !== null);
  assertEquals(failed, [], table(injections));
});
