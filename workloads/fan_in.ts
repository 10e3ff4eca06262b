/**
 * Fan-in: one, two, four, eight writers send to one reader through one channel, all the time.
 *
 * @module
 */
import type { Channel } from "../facilities/facility.ts";
import { EIGHT_WRITERS, receiveUntilStopped, sendForAWhile } from "./stream.ts";
import { SHARED_CHANNEL } from "./sharing.ts";
import type { Outcome, Task, Workload } from "./workload.ts";

function read(channel: Channel, task: Task): Outcome {
  return receiveUntilStopped(channel, task, EIGHT_WRITERS, task.of - 1, true);
}

function write(channel: Channel, task: Task): Outcome {
  const outcome = sendForAWhile(channel, task, EIGHT_WRITERS, task.rank - 1, 1);
  return { ...outcome, share: outcome.lost };
}

export const workload: Workload<"channel"> = {
  ...SHARED_CHANNEL,
  id: "fan-in",
  title: "Fan-in",
  summary: "Several writers send to one reader all the time.",
  loop: (role) => role === "initiator" ? read : write,
};
