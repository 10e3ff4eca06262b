/**
 * Fan-in: one, two, four, eight writers send to one reader through one channel, all the time.
 *
 * @module
 */
import type { Channel, Role } from "../facilities/facility.ts";
import { EIGHT_WRITERS, LEAST_NS, receiveUntilStopped, sendForAWhile } from "./stream.ts";
import { shareable } from "./sharing.ts";
import type { Outcome, Task, Workload } from "./workload.ts";

function write(channel: Channel, task: Task): Outcome {
  const outcome = sendForAWhile(channel, task, EIGHT_WRITERS, task.rank - 1, 1);
  return { ...outcome, share: outcome.lost };
}

export const workload: Workload<"channel"> = {
  id: "fan-in",
  title: "Fan-in",
  summary: "Several writers send to one reader all the time.",
  needs: "channel",
  figure: "rate",
  unit: "bytes/s",
  better: "higher",
  sized: true,
  secondary: true,
  sizes: [64, 4096],
  counts: [2, 3, 5, 9],
  pace: "duration",
  leastNs: () => LEAST_NS,
  obstacle: shareable,
  prepare: (channel, _role, { length }) => channel.prepare(length),
  run: (channel, role: Role, task) =>
    role === "initiator"
      ? receiveUntilStopped(channel, task, EIGHT_WRITERS, task.of - 1, true)
      : write(channel, task),
};
