/**
 * Injects faults into runs of the suite, and prints how it coped: `deno task faults --count 200`.
 *
 * @module
 */
import { Command } from "commander";
import { ALL_FAULTS } from "./all.ts";
import { inject } from "./inject.ts";
import { table } from "./table.ts";

const command = new Command("faults")
  .option("--count <N>", "injections", (text) => Number(text), 200)
  .option("--seed <N>", "of the first; each has the next", (text) => Number(text), 1)
  .option("--only <TEXT>", "only faults whose name has this in it", "")
  .option("--at-once <N>", "injections at the same time", (text) => Number(text), 2)
  .parse(Deno.args, { from: "user" });

const { count, seed, only, atOnce } = command.opts();
const chosen = ALL_FAULTS.filter(({ id }) => id.includes(only));
const [faults, left] = [
  chosen.filter((fault) => !fault.inapplicable?.()),
  chosen.filter((fault) => fault.inapplicable?.()),
];
let done = 0;
const injections = await inject(faults, {
  count,
  seed,
  atOnce,
  onInjection({ fault, seed, outcome, failure }) {
    console.error(`${++done}/${count} seed ${seed} ${fault}: ${failure ?? outcome}`);
  },
});
console.log(table(injections));
for (const fault of left) console.log(`Not tried: ${fault.id}: ${fault.inapplicable!()}`);
Deno.exit(injections.some(({ failure }) => failure !== null) ? 1 : 0);
