/**
 * Gives the suite bad input for as many cases as are asked for: `deno task fuzz --cases N --seed S`.
 *
 * @module
 */
import { CASES } from "./cases.ts";

const HELP = `Usage: deno task fuzz [--cases N] [--seed S]

  --cases N  how many cases of all kinds together (default ${CASES})
  --seed S   which cases; the same seed gives the same ones (default: a random one, printed)
`;

function optionsOf(args: readonly string[]): { cases: number; seed: number } | null {
  const options = { cases: CASES, seed: crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1 };
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at]!.replace(/^--/, "");
    const value = args[at + 1] ?? "";
    if (!Object.hasOwn(options, name) || !/^\d{1,9}$/.test(value)) return null;
    options[name as keyof typeof options] = Number(value);
  }
  return options.cases > 0 ? options : null;
}

if (import.meta.main) {
  const options = optionsOf(Deno.args);
  if (options === null) {
    console.error(HELP);
    Deno.exit(Deno.args.includes("--help") ? 0 : 2);
  }
  const { cases, seed } = options;
  console.log(`${cases} cases of seed ${seed}`);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--no-prompt", "--no-check", import.meta.dirname!],
    env: { FUZZ: String(cases), FUZZ_SEED: String(seed) },
  }).spawn().status;
  Deno.exit(code);
}
