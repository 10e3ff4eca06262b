/**
 * Trying again what may succeed a moment later.
 *
 * @module
 */
import { isPassing } from "./failures.ts";

/** How long a store may be away, by its restart for example, before a command gives up. */
export const PATIENCE_MS = 5_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Does the work again as long as it fails by something that passes.
 *
 * The pauses double and half of each is drawn by chance, so that many hosts that lost their server
 * at once do not come back at once.
 *
 * @param patienceMs from the first failure
 * @param signal ends trying
 * @throws what the work threw last
 */
export async function retrying<T>(
  work: () => Promise<T>,
  patienceMs = PATIENCE_MS,
  signal?: AbortSignal,
): Promise<T> {
  let firstFailure: number | null = null;
  for (let pause = FIRST_PAUSE_MS;; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const now = performance.now();
      firstFailure ??= now;
      if (!isPassing(error) || now - firstFailure > patienceMs || signal?.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
    }
  }
}
