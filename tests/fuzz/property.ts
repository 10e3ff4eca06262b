/**
 * How many cases there are, from which seed, and what must be true of all of them.
 *
 * `FUZZ=N` asks for N cases in all, `FUZZ_SEED=S` for those of another seed.
 *
 * @module
 */
import { assert } from "@std/assert";
import fc from "fast-check";
import { amount } from "../extent.ts";
import { CASES } from "./cases.ts";
import { type Ended, session } from "./session.ts";
import { unwatch } from "./watchdog.ts";

/** The shares of the cases that each kind of input gets; together they are 1. */
const SHARES = {
  commandLines: 0.2,
  places: 0.05,
  anyWords: 0.27,
  runDocuments: 0.3,
  commandsOnDocuments: 0.03,
  baselines: 0.05,
  historyFiles: 0.06,
  modules: 0.04,
} as const;

export type Kind = keyof typeof SHARES;

/** The seed of the gate; each run of it sees the same cases. */
export const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 9);

export function casesOf(kind: Kind): number {
  const all = Number(Deno.env.get("FUZZ") ?? amount(1_000, CASES));
  return Math.ceil(all * SHARES[kind]);
}

/** A test that holds a property over the cases of a kind. */
export function fuzz<T>(
  name: string,
  kind: Kind,
  arbitrary: fc.Arbitrary<T>,
  holds: (value: T, folder: string) => Promise<void> | void,
): void {
  const numRuns = casesOf(kind);
  Deno.test(`fuzz: ${name}`, async () => {
    const before = new Set(namesIn("."));
    const folder = await Deno.makeTempDir({ dir: await shelf(), prefix: "ipc-taxonomy-fuzz-" });
    let done = 0;
    try {
      await fc.assert(
        fc.asyncProperty(arbitrary, async (value) => {
          await holds(value, folder);
          done++;
        }),
        { seed: SEED, numRuns, ignoreEqualValues: false },
      );
      assert(done >= numRuns, `${done} of ${numRuns} cases were tried`);
    } finally {
      unwatch();
      await Deno.remove(folder, { recursive: true });
    }
    const left = namesIn(".").filter((each) => !before.has(each));
    assert(left.length === 0, `left behind: ${left}`);
  });
}

/** In memory where there is such a place, so that no case waits for a disk. */
async function shelf(): Promise<string | undefined> {
  try {
    const info = await Deno.stat("/dev/shm");
    return info.isDirectory ? "/dev/shm" : undefined;
  } catch {
    return undefined;
  }
}

export function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

/** What any input whatever may end with: it is judged, refused, or says nothing; the suite never fails. */
export const ANY_INPUT = [0, 1, 2, 3];

/** Runs a command line, and asserts that it ended in order and with one of the codes. */
export async function orderly(
  args: readonly string[],
  codes: readonly number[] = ANY_INPUT,
): Promise<Ended> {
  const ended = await session(args);
  assertOrderly(ended, codes, args.join(" "));
  return ended;
}

/** One line that says what is wrong, no stack trace, and the right code. */
export function assertOrderly(ended: Ended, codes: readonly number[], what: string): void {
  const { code, out, err } = ended;
  const said = `${what}\ncode ${code}, stderr: ${err.slice(0, 2_000)}`;
  assert(codes.includes(code), `expected ${codes.join(" or ")}: ${said}`);
  assert(!/^\s+at .*[(:]\d+|Uncaught|undefined is not|is not a function/m.test(err + out), said);
  if (code !== 2 && code !== 3) return;
  const lines = err.split("\n").filter((line) => line !== "" && !line.startsWith("warning: "));
  if (code === 2) assert(lines.length === 1, `not one line: ${said}`);
  // deno-lint-ignore no-control-regex
  assert(!/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(err), `control characters: ${said}`);
}
