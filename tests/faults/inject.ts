/** Injects faults by their seeds, several at once, and adds up how it went. @module */
import { createRandom } from "../../workloads/runner/random.ts";
import { leavingNothing } from "../leftovers.ts";
import type { Fault } from "./fault.ts";

/** How one injection went. */
export interface Injection {
  readonly fault: string;
  /** Repeats this one injection. */
  readonly seed: number;
  readonly outcome: string;
  /** What was not as it must be. */
  readonly failure: string | null;
}

/** Injects one fault once. */
export async function injectOnce(fault: Fault, seed: number): Promise<Injection> {
  const results = await Deno.makeTempDir();
  let outcome = "";
  try {
    await leavingNothing(async (temporary) => {
      outcome = await fault.inject({ random: createRandom(seed), temporary, results });
    });
    return { fault: fault.id, seed, outcome, failure: null };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { fault: fault.id, seed, outcome: "failed", failure };
  } finally {
    await Deno.remove(results, { recursive: true }).catch(() => {});
  }
}

/** Injections in the order of the faults, over and over, each with a seed of its own. */
export async function inject(
  faults: readonly Fault[],
  { count, seed, atOnce = 2, onInjection }: {
    count: number;
    seed: number;
    atOnce?: number;
    onInjection?: (injection: Injection) => void;
  },
): Promise<Injection[]> {
  const injections: Injection[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const index = next++;
      const injection = await injectOnce(faults[index % faults.length]!, seed + index);
      injections[index] = injection;
      onInjection?.(injection);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return injections;
}
