/**
 * Burst: how much fits into a facility that nobody reads before its writer would have to wait.
 *
 * One participant holds both ends, sends without waiting until there is no room, and then takes out
 * all it sent. No time is measured. Where the kernel object declares a capacity, that is kept beside
 * what was found. Nothing is verified beforehand: alone, a participant would wait for ever to send a
 * message that does not fit. What it takes out is examined.
 *
 * @module
 */
import type { Channel } from "../facilities/facility.ts";
import { now } from "../facilities/libc/time.ts";
import { examine, fill } from "./payload.ts";
import { NOTHING, type Outcome, type Task, type Workload } from "./workload.ts";

function fillUp(channel: Channel, { length, size }: Task): Outcome {
  const start = now();
  fill(channel.outgoing(), 0, length, size);
  const bytes = channel.sendUntilFull!(length);
  const messages = Math.floor(bytes / length);
  const rest = bytes - messages * length;
  let errors = 0;
  for (let message = 0; message < messages; message++) {
    errors += examine(channel.receive(length), 0, length, size);
  }
  if (rest > 0) errors += examine(channel.receive(rest), 0, rest, BigInt(rest));
  channel.prepare(length);
  return {
    ...NOTHING,
    start,
    end: now(),
    operations: messages,
    errors,
    amount: bytes,
    declared: channel.declaredCapacity?.(length),
  };
}

export const workload: Workload<"channel"> = {
  id: "burst",
  title: "Burst",
  summary: "What fits before the writer would have to wait.",
  needs: "channel",
  figure: "amount",
  unit: "bytes",
  better: "higher",
  sized: true,
  secondary: true,
  sizes: [4096, 64],
  waits: ["futex"],
  counts: [1],
  points: ({ facility }) => [
    { count: 1 },
    ...(facility.channel?.capacities?.() ?? []).map((capacityBytes) => ({
      count: 1,
      parameters: { capacityBytes },
    })),
  ],
  pace: "count",
  obstacle: ({ facility }) =>
    facility.region
      ? "the ring in this memory is the suite's own: what fits into it says nothing of the facility"
      : facility.channel!.lossy
      ? "it holds no sender back: what does not fit is lost"
      : null,
  unsuited: (channel) =>
    channel.sendUntilFull ? null : "it offers no way to send that does not wait for room",
  prepare: (channel, _role, { length }) => channel.prepare(length),
  loop: () => fillUp,
};
