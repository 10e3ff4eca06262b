/**
 * Pairs: one, two and more pairs, each with a link of its own, send one way all the time; what the
 * machine moves in all.
 *
 * @module
 */
import type { Channel } from "../facilities/facility.ts";
import { verifyChannel } from "./payload.ts";
import { LEAST_NS, ONE_WRITER, receiveUntilStopped, sendForAWhile } from "./stream.ts";
import type { Outcome, Point, Room, Task, Workload } from "./workload.ts";

/** More participants than this would measure the memory that so many processes need. */
const MOST_PAIRS = 16;

/** One pair, two, as many as there are CPUs, and twice as many. */
function points({ cpus }: Room): Point[] {
  const pairs = [1, 2, cpus.length, 2 * cpus.length];
  const within = pairs.map((each) => Math.min(each, MOST_PAIRS));
  return [...new Set(within)].sort((a, b) => a - b).map((each) => ({ count: 2 * each }));
}

function write(channel: Channel, task: Task): Outcome {
  return sendForAWhile(channel, task, ONE_WRITER, 0, 1);
}

function read(channel: Channel, task: Task): Outcome {
  const outcome = receiveUntilStopped(channel, task, ONE_WRITER, 1, true);
  return { ...outcome, share: outcome.operations };
}

export const workload: Workload<"channel"> = {
  id: "pairs",
  title: "Pairs",
  summary: "Independent pairs send one way all the time; what all of them move together.",
  needs: "channel",
  figure: "rate",
  unit: "bytes/s",
  better: "higher",
  sized: true,
  secondary: true,
  sizes: [4096, 64],
  counts: [2],
  points,
  pairwise: true,
  pace: "duration",
  leastNs: () => LEAST_NS,
  prepare: (channel, _role, { length }) => channel.prepare(length),
  verify: (channel, role, { length }) => verifyChannel(channel, role, length),
  loop: (role) => role === "initiator" ? write : read,
};
