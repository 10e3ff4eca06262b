/**
 * Fan-out: one writer sends all the time, and one, two, four, eight readers share the messages, each
 * of which one of them gets.
 *
 * @module
 */
import type { Channel } from "../facilities/facility.ts";
import { SHARED_CHANNEL } from "./sharing.ts";
import { ONE_WRITER, receiveUntilStopped, sendForAWhile } from "./stream.ts";
import type { Outcome, Task, Workload } from "./workload.ts";

function write(channel: Channel, task: Task): Outcome {
  return sendForAWhile(channel, task, ONE_WRITER, 0, task.of - 1);
}

function read(channel: Channel, task: Task): Outcome {
  const outcome = receiveUntilStopped(channel, task, ONE_WRITER, 1, task.of === 2);
  return { ...outcome, share: outcome.operations };
}

export const workload: Workload<"channel"> = {
  ...SHARED_CHANNEL,
  id: "fan-out",
  title: "Fan-out",
  summary: "One writer sends all the time, several readers share the messages.",
  loop: (role) => role === "initiator" ? write : read,
};
