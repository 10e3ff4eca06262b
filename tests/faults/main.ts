/**
 * Injects faults into runs of the suite, and prints how it coped: `deno task faults --count 200`.
 *
 * @module
 */
import { Command } from "commander";
import { whole } from "../../cli/arguments.ts";
import { writeWhole } from "../../workloads/runner/write_whole.ts";
import { alone } from "../namespaces.ts";
import { ALL_FAULTS } from "./all.ts";
import { inject } from "./inject.ts";
import { table } from "./table.ts";

const command = new Command("faults")
  .description("Injects faults into runs of the suite, and tells how it coped.")
  .option("--count <N>", "injections", whole(1, 1_000_000), 200)
  .option("--seed <N>", "of the first; each has the next", whole(0, 2 ** 32 - 1), 1)
  .option("--only <TEXT>", "only faults whose name has this in it", "")
  .option("--at-once <N>", "injections at the same time", whole(1, 64), 2)
  .option("--markdown <FILE>", "the table into FILE too, below its mark")
  .parse(Deno.args, { from: "user" });

const code = await alone(import.meta.url);
if (code !== null) Deno.exit(code);

const { count, seed, only, atOnce, markdown } = command.opts();
const chosen = ALL_FAULTS.filter(({ id }) => id.includes(only));
const [faults, left] = [
  chosen.filter((fault) => !fault.inapplicable?.()),
  chosen.filter((fault) => fault.inapplicable?.()),
];
if (faults.length === 0) {
  console.error(`ipc-taxonomy: no fault that can be tried here has "${only}" in its name`);
  Deno.exit(2);
}
let done = 0;
const injections = await inject(faults, {
  count,
  seed,
  atOnce,
  onInjection({ fault, seed, outcome, failure }) {
    console.error(`${++done}/${count} seed ${seed} ${fault}: ${failure ?? outcome}`);
  },
});
const text = [
  table(injections),
  "",
  ...left.map(({ id, inapplicable }) => `Not tried: ${id}: ${inapplicable!()}.`),
].join("\n").trimEnd();
console.log(text);
if (markdown) await writeWhole(markdown, await within(markdown, text));
Deno.exit(injections.some(({ failure }) => failure !== null) ? 1 : 0);

/** The file's text, where it is one already, with everything below the mark made anew. */
async function within(path: string, text: string): Promise<string> {
  const mark = "<!-- faults -->\n";
  const before = await Deno.readTextFile(path).catch(() => "");
  return `${before.split(mark)[0]}${mark}\n${text}\n`;
}
