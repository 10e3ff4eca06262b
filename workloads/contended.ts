/**
 * Contended: several participants want one lock all the time; how often it changes hands in all, and
 * how evenly.
 *
 * Mutual exclusion is proved while it is measured: each holder finds a shared word empty, puts its
 * number there, and finds that number again before it leaves.
 *
 * @module
 */
import type { Lock } from "../facilities/facility.ts";
import { now } from "../facilities/libc/time.ts";
import type { Outcome, Task, Workload } from "./workload.ts";

/** Less, and whoever has the CPU first has it all the time: slices of the scheduler are 3 ms. */
const LEAST_NS = 5e6;
/** Acquisitions between two looks at the clock. */
const LOOK = 8;

function contend([lock]: readonly Lock[], { durationNs, rank, shared }: Task): Outcome {
  const mark = rank + 1;
  let errors = 0;
  const start = now();
  const stop = start + durationNs;
  let operations = 0;
  let end: number;
  do {
    for (let turn = 0; turn < LOOK; turn++) {
      lock!.acquire();
      if (Atomics.exchange(shared, 0, mark) !== 0) errors++;
      if (Atomics.exchange(shared, 0, 0) !== mark) errors++;
      lock!.release();
    }
    operations += LOOK;
    end = now();
  } while (end < stop);
  return { start, end, operations, stamps: 0, errors, share: operations };
}

export const workload: Workload<"lock"> = {
  id: "contended",
  title: "Contended lock",
  summary: "Acquire and release one lock that all participants want all the time.",
  needs: "lock",
  figure: "rate",
  unit: "ops/s",
  better: "higher",
  sized: false,
  counts: [2, 4],
  pace: "duration",
  leastNs: () => LEAST_NS,
  loop: () => contend,
};
