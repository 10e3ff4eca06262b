/**
 * Paced: messages one way at a given rate, whether or not the facility keeps up.
 *
 * Each message has a moment at which it should go, and its latency counts from there: a stall that
 * holds up fifty messages makes all fifty late (coordinated omission, Tene 2013). Beside it stands
 * the latency from the actual sending, which knows of one. Offered and achieved rates say whether
 * there was a queue at all.
 *
 * Between messages the sender looks at the clock on a CPU of its own; where the receiver needs that
 * CPU, or may, it sleeps, and waking up in time is part of what is measured. The receiver's CPU
 * idles meanwhile, as deep as the gap allows.
 *
 * @module
 */
import type { Channel } from "../facilities/facility.ts";
import { noteNow, now, sleepUntil } from "../facilities/libc/time.ts";
import { setTimerSlack } from "../facilities/libc/sys_prctl.ts";
import { examine, fill, verifyChannel } from "./payload.ts";
import {
  arrived,
  type Collected,
  NOTHING,
  type Outcome,
  type Task,
  type Workload,
} from "./workload.ts";

/** Gaps between messages, nanoseconds. */
const GAPS = [1e3, 1e4, 1e5, 1e6, 1e7];
/** A sleeper is woken within so many nanoseconds, as far as the kernel can. */
const SLACK_NS = 1;
/** From the order to begin to the first message: the receiver has to be waiting by then. */
const HEAD_START_NS = 300_000;
const FEWEST_MESSAGES = 12;

function send(channel: Channel, task: Task): Outcome {
  const { count, length, size, stamps, pilot, apart } = task;
  // A pilot only warms the loop.
  const gap = pilot ? 0 : gapOf(task);
  if (!apart) setTimerSlack(SLACK_NS);
  const first = now() + HEAD_START_NS;
  for (let sequence = 0; sequence < count; sequence++) {
    const due = first + sequence * gap;
    let moment = now();
    while (moment < due) {
      if (!apart) sleepUntil(due);
      moment = now();
    }
    stamps[sequence] = moment;
    fill(channel.outgoing(), sequence, length, size);
    channel.send(length);
  }
  if (!apart) setTimerSlack(0);
  return { start: first, end: stamps[count - 1]!, operations: 0, stamps: count, errors: 0 };
}

function receive(channel: Channel, { count, length, size, ledger }: Task): Outcome {
  let errors = 0;
  for (let sequence = 0; sequence < count; sequence++) {
    const wrong = examine(channel.receive(length), sequence, length, size);
    errors += wrong;
    noteNow(ledger, sequence);
    if (wrong) ledger[sequence] = NaN;
  }
  return { ...NOTHING, end: now(), operations: count, errors };
}

function gapOf({ parameters }: Task): number {
  return Number(parameters.gapNs);
}

function collect(task: Task, { start, stamps: count }: Outcome): Collected {
  const { stamps, ledger } = task;
  const gap = gapOf(task);
  const samples = new Float64Array(count);
  const uncorrected = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    samples[at] = ledger[at]! - (start + at * gap);
    uncorrected[at] = ledger[at]! - stamps[at]!;
  }
  const last = ledger.subarray(0, count).findLast(arrived) ?? start;
  const seconds = Math.max(count * gap, last - start) / 1e9;
  return {
    samples: samples.filter(arrived),
    uncorrected: uncorrected.filter(arrived),
    offeredPerSecond: 1e9 / gap,
    achievedPerSecond: count / seconds,
  };
}

export const workload: Workload<"channel"> = {
  id: "paced",
  title: "Paced",
  summary: "Messages at a given rate; latency from when each should have gone.",
  needs: "channel",
  figure: "latency",
  unit: "ns",
  better: "lower",
  sized: true,
  secondary: true,
  sizes: [64],
  counts: [2],
  points: () => GAPS.map((gapNs) => ({ count: 2, parameters: { gapNs } })),
  pace: "schedule",
  leastNs: ({ gapNs }) => FEWEST_MESSAGES * Number(gapNs),
  single: true,
  uncosted: [0],
  prepare(channel, role, { length, count, ledger }) {
    channel.prepare(length);
    // Touched now, so that no page comes into being in the timed loop.
    if (role === "peer") ledger.fill(0, 0, count);
  },
  verify: (channel, role, { length }) => verifyChannel(channel, role, length),
  loop: (role) => role === "initiator" ? send : receive,
  collect,
};
