/**
 * One way: from before a message is written to after it was read, by the clock that all CPUs share.
 *
 * The answer that comes back only says that the next message may go, so that none waits behind
 * another. What it takes is not counted, and nothing is halved. Both clock readings are.
 *
 * @module
 */
import type { Channel } from "../facilities/facility.ts";
import { noteNow, now } from "../facilities/libc/time.ts";
import { examine, fill, verifyChannel } from "./payload.ts";
import {
  arrived,
  type Collected,
  NOTHING,
  type Outcome,
  type Task,
  type Workload,
} from "./workload.ts";

function initiate(channel: Channel, { count, lead, length, size, stamps }: Task): Outcome {
  const total = lead + count;
  let errors = 0;
  for (let sequence = 0; sequence < total; sequence++) {
    if (sequence >= lead) stamps[sequence - lead] = now();
    fill(channel.outgoing(), sequence, length, size);
    channel.send(length);
    errors += examine(channel.receive(length), sequence, length, size);
  }
  return { start: stamps[0]!, end: now(), operations: count, stamps: count, errors };
}

function answer(channel: Channel, { count, lead, length, size, ledger }: Task): Outcome {
  const total = lead + count;
  let errors = 0;
  for (let sequence = 0; sequence < total; sequence++) {
    const wrong = examine(channel.receive(length), sequence, length, size);
    errors += wrong;
    if (sequence >= lead) {
      noteNow(ledger, sequence - lead);
      if (wrong) ledger[sequence - lead] = NaN;
    }
    fill(channel.outgoing(), sequence, length, size);
    channel.send(length);
  }
  return { ...NOTHING, errors };
}

function collect({ stamps, ledger }: Task, { stamps: noted }: Outcome): Collected {
  const samples = new Float64Array(noted);
  for (let at = 0; at < noted; at++) samples[at] = ledger[at]! - stamps[at]!;
  return { samples: samples.filter(arrived) };
}

export const workload: Workload<"channel"> = {
  id: "one-way",
  title: "One way",
  summary: "One message to the peer, by the common clock.",
  needs: "channel",
  figure: "latency",
  unit: "ns",
  better: "lower",
  sized: true,
  secondary: true,
  sizes: [64, 4096],
  counts: [2],
  pace: "count",
  single: true,
  prepare(channel, role, { length, count, ledger }) {
    channel.prepare(length);
    // Touched now, so that no page comes into being in the timed loop.
    if (role === "peer") ledger.fill(0, 0, count);
  },
  verify: (channel, role, { length }) => verifyChannel(channel, role, length),
  loop: (role) => role === "initiator" ? initiate : answer,
  collect,
};
