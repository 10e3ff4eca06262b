/**
 * How much longer `deno task list` takes than `deno eval ''`, both in turns. No test: its figures are
 * the machine's.
 *
 *     deno run -A tests/bench/start_up.ts [pairs]
 *
 * @module
 */
import { fromFileUrl } from "../paths.ts";

/** What a command-line tool may take to answer. */
const GOAL_MS = 150;

async function millisecondsOf(...args: string[]): Promise<number> {
  const started = performance.now();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: fromFileUrl(import.meta.resolve("../..")),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

if (import.meta.main) {
  const pairs = Number(Deno.args[0] ?? 15);
  const nothing: number[] = [];
  const list: number[] = [];
  // The first of each fills the caches.
  for (let pair = -1; pair < pairs; pair++) {
    const [a, b] = [await millisecondsOf("eval", ""), await millisecondsOf("task", "list")];
    if (pair < 0) continue;
    nothing.push(a);
    list.push(b);
  }
  const more = median(list.map((each, index) => each - nothing[index]!));
  console.log(
    `deno eval '': ${median(nothing).toFixed(0)} ms; deno task list: ${
      median(list).toFixed(0)
    } ms; ` +
      `longer by ${more.toFixed(0)} ms (median of ${pairs} pairs; goal: ${GOAL_MS} ms)`,
  );
}
