/**
 * Throughput: messages one way, as fast as they go.
 *
 * The time ends when the receiver has read its last byte, not when the sender has written it: the
 * last write only fills a buffer.
 *
 * @module
 */
import type { Channel } from "../facilities/facility.ts";
import { now } from "../facilities/libc/time.ts";
import { examine, fill, verifyChannel } from "./payload.ts";
import { NOTHING, type Outcome, type Task, type Workload } from "./workload.ts";

function sendAll(channel: Channel, { count, lead, length, size }: Task): Outcome {
  for (let sequence = 0; sequence < lead; sequence++) {
    fill(channel.outgoing(), sequence, length, size);
    channel.send(length);
  }
  const start = now();
  for (let sequence = lead; sequence < lead + count; sequence++) {
    fill(channel.outgoing(), sequence, length, size);
    channel.send(length);
  }
  return { ...NOTHING, start };
}

function receiveAll(channel: Channel, { count, lead, length, size }: Task): Outcome {
  const total = lead + count;
  let errors = 0;
  for (let sequence = 0; sequence < total; sequence++) {
    errors += examine(channel.receive(length), sequence, length, size);
  }
  return { ...NOTHING, end: now(), operations: count, errors };
}

export const workload: Workload<"channel"> = {
  id: "throughput",
  title: "Throughput",
  summary: "Messages one way, until the receiver has read the last byte.",
  needs: "channel",
  figure: "rate",
  unit: "bytes/s",
  better: "higher",
  sized: true,
  counts: [2],
  pace: "count",
  prepare: (channel, _role, { length }) => channel.prepare(length),
  verify: (channel, role, { length }) => verifyChannel(channel, role, length),
  loop: (role) => role === "initiator" ? sendAll : receiveAll,
};
