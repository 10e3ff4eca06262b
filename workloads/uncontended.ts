/**
 * Uncontended: what a lock costs with nobody in the way, one acquire and release.
 *
 * @module
 */
import type { Lock } from "../facilities/facility.ts";
import { now } from "../facilities/libc/time.ts";
import { type Outcome, type Task, timed, type Workload } from "./workload.ts";

function takeAndLetGo([lock]: readonly Lock[], task: Task): Outcome {
  const { count, lead, batch, stamps } = task;
  let noted = 0;
  let next = lead;
  for (let turn = 0; turn < lead + count; turn++) {
    if (turn === next) {
      stamps[noted++] = now();
      next += batch;
    }
    lock!.acquire();
    lock!.release();
  }
  stamps[noted++] = now();
  return timed(task, noted);
}

export const workload: Workload<"lock"> = {
  id: "uncontended",
  title: "Uncontended lock",
  summary: "Acquire and release a lock that nobody else wants.",
  needs: "lock",
  figure: "latency",
  unit: "ns",
  better: "lower",
  sized: false,
  counts: [1],
  pace: "count",
  loop: () => takeAndLetGo,
};
