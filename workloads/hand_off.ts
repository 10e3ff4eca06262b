/**
 * Hand-off: wake the other participant and sleep until it wakes you back.
 *
 * @module
 */
import type { Notifier } from "../facilities/facility.ts";
import { now } from "../facilities/libc/time.ts";
import { NOTHING, type Outcome, type Task, timed, type Workload } from "./workload.ts";

function initiate(notifier: Notifier, task: Task): Outcome {
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

function answer(notifier: Notifier, { count, lead }: Task): Outcome {
  for (let turn = 0; turn < lead + count; turn++) {
    notifier.wait();
    notifier.post();
  }
  return NOTHING;
}

export const workload: Workload<"notifier"> = {
  id: "hand-off",
  title: "Hand-off",
  summary: "Wake the peer and be woken by it.",
  needs: "notifier",
  figure: "latency",
  unit: "ns",
  better: "lower",
  sized: false,
  counts: [2],
  pace: "count",
  loop: (role) => role === "initiator" ? initiate : answer,
};
