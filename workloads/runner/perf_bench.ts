/**
 * The native reference against `perf bench sched pipe`, an established program that does one of its
 * cells: 4 bytes there and back between two processes, through two pipes.
 *
 * @module
 */
import type { FidelityDocument } from "./fidelity_document.ts";
import { type NativeReference, output } from "./native_reference.ts";
import type { Random } from "./random.ts";
import { estimateInterval } from "./statistics.ts";

/** `perf` prints milliseconds; so many round trips take some hundred of them. */
const LOOPS = 20_000;
const ROUNDS = 6;
const BYTES = 4;

/** Compares in ABBA rounds on one CPU; null where perf is not installed, or the signal ends it. */
export async function comparePerf(
  reference: NativeReference,
  cpu: number,
  random: Random,
  signal?: AbortSignal,
): Promise<FidelityDocument["perf"]> {
  const version = await output("perf", ["--version"]);
  const bench = reference.pinned(cpu, [
    ...["perf", "bench", "-f", "simple", "sched", "pipe"],
    ...["-l", `${LOOPS}`],
  ]);
  if (version === null || await output(...bench) === null) return null;
  await using native = reference.start({
    facility: "pipe",
    workload: "round-trip",
    length: BYTES,
    largest: BYTES,
    cpus: [cpu, cpu],
  });
  const ours = async () => (await native.run(LOOPS, 0, LOOPS)).nanoseconds;
  const theirs = async () => Number(await output(...bench)) * 1e9;
  const logs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (signal?.aborted) return null;
    const [a, b, c, d] = [await ours(), await theirs(), await theirs(), await ours()];
    logs.push((Math.log(a / b) + Math.log(d / c)) / 2);
  }
  const { estimate, interval } = estimateInterval(logs, random);
  return {
    version: version.trim(),
    ratio: Math.exp(estimate),
    ratioCi95: [Math.exp(interval[0]), Math.exp(interval[1])],
    rounds: ROUNDS,
  };
}
