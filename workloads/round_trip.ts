/**
 * Round trip: a message goes to the peer, the peer's message comes back; the time of both together.
 *
 * It is called what it is, and never halved: the way there and the way back need not cost the same.
 *
 * @module
 */
import type { Channel } from "../facilities/facility.ts";
import { now } from "../facilities/libc/time.ts";
import { examine, fill, verifyChannel } from "./payload.ts";
import { NOTHING, type Outcome, type Task, timed, type Workload } from "./workload.ts";

function initiate(channel: Channel, task: Task): Outcome {
  const { count, lead, batch, length, size, stamps } = task;
  const total = lead + count;
  let errors = 0;
  let noted = 0;
  let next = lead;
  for (let sequence = 0; sequence < total; sequence++) {
    if (sequence === next) {
      stamps[noted++] = now();
      next += batch;
    }
    fill(channel.outgoing(), sequence, length, size);
    channel.send(length);
    errors += examine(channel.receive(length), sequence, length, size);
  }
  stamps[noted++] = now();
  return { ...timed(task, noted), errors };
}

function answer(channel: Channel, task: Task): Outcome {
  const { length, size } = task;
  const total = task.lead + task.count;
  let errors = 0;
  for (let sequence = 0; sequence < total; sequence++) {
    errors += examine(channel.receive(length), sequence, length, size);
    fill(channel.outgoing(), sequence, length, size);
    channel.send(length);
  }
  return { ...NOTHING, errors };
}

export const workload: Workload<"channel"> = {
  id: "round-trip",
  title: "Round trip",
  summary: "One message to the peer and one back.",
  needs: "channel",
  figure: "latency",
  unit: "ns",
  better: "lower",
  sized: true,
  counts: [2],
  pace: "count",
  prepare: (channel, _role, { length }) => channel.prepare(length),
  verify: (channel, role, { length }) => verifyChannel(channel, role, length),
  loop: (role) => role === "initiator" ? initiate : answer,
};
