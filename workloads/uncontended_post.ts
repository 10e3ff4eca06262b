/**
 * Uncontended post: what a notifier costs when nobody sleeps, one post and the wait that takes it.
 *
 * @module
 */
import type { Notifier } from "../facilities/facility.ts";
import { now } from "../facilities/libc/time.ts";
import { type Outcome, type Task, timed, type Workload } from "./workload.ts";

function postAndTake(notifier: Notifier, task: Task): Outcome {
  const { count, lead, batch, stamps } = task;
  let noted = 0;
  let next = lead;
  for (let turn = 0; turn < lead + count; turn++) {
    if (turn === next) {
      stamps[noted++] = now();
      next += batch;
    }
    notifier.post();
    notifier.wait();
  }
  stamps[noted++] = now();
  return timed(task, noted);
}

export const workload: Workload<"notifier"> = {
  id: "uncontended-post",
  title: "Uncontended post",
  summary: "Post to oneself and take the post at once.",
  needs: "notifier",
  figure: "latency",
  unit: "ns",
  better: "lower",
  sized: false,
  counts: [1],
  pace: "count",
  loop: () => postAndTake,
};
