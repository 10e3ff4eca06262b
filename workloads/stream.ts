/**
 * Streams of messages that last for a time: writers send until it is over and then say so, readers
 * receive until all writers of theirs have said so.
 *
 * Each message tells its writer and its place in the sequence, as far as seven bits reach.
 *
 * @module
 */
import type { Channel } from "../facilities/facility.ts";
import { now } from "../facilities/libc/time.ts";
import { examine, fill } from "./payload.ts";
import { NOTHING, type Outcome, type Task } from "./workload.ts";

/** What says that its writer has stopped; no other message has this value. */
const STOP = 0x7f;
/** Messages between two looks at the clock. */
const LOOK = 8;

/** Less, and whoever has the CPU first has it all the time: slices of the scheduler are 3 ms. */
export const LEAST_NS = 5e6;

/** How the seven bits of a value are shared between the writer's number and the sequence. */
export interface Numbering {
  readonly writers: number;
  /** Values of the sequence. */
  readonly places: number;
}

/** One writer: the sequence has all values but `STOP`. */
export const ONE_WRITER: Numbering = { writers: 1, places: STOP };
/** Up to eight writers: fifteen values each, so that the last writer's end below `STOP`. */
export const EIGHT_WRITERS: Numbering = { writers: 8, places: 15 };

/** Sends for the task's time as writer number `writer`, then `stops` times that it is over. */
export function sendForAWhile(
  channel: Channel,
  { length, size, durationNs }: Task,
  { writers, places }: Numbering,
  writer: number,
  stops: number,
): Outcome {
  const base = writers === 1 ? 0 : writer * 16;
  const start = now();
  const end = start + durationNs;
  let sent = 0;
  do {
    for (let turn = 0; turn < LOOK; turn++) {
      fill(channel.outgoing(), base + sent % places, length, size);
      channel.send(length);
      sent++;
    }
  } while (now() < end);
  for (let stop = 0; stop < stops; stop++) {
    fill(channel.outgoing(), STOP, length, size);
    channel.send(length);
  }
  return { ...NOTHING, start, lost: sent };
}

/**
 * Receives until `stops` writers have stopped. In `order`, every writer's messages must come one
 * after the other; a reader who shares them with others sees gaps.
 */
export function receiveUntilStopped(
  channel: Channel,
  { length, size }: Task,
  { writers, places }: Numbering,
  stops: number,
  order: boolean,
): Outcome {
  const next = new Int32Array(writers);
  let received = 0;
  let errors = 0;
  for (let stopped = 0; stopped < stops;) {
    const payload = channel.receive(length);
    const value = payload.bytes[0]!;
    errors += examine(payload, value, length, size);
    if (value === STOP) {
      stopped++;
      continue;
    }
    if (value > STOP) continue; // in place of a message that was lost
    received++;
    if (order) {
      const writer = writers === 1 ? 0 : value >> 4;
      const place = writers === 1 ? value : value & 15;
      if (place !== next[writer]) errors++;
      next[writer] = (place + 1) % places;
    }
  }
  return { ...NOTHING, end: now(), operations: received, errors, lost: -received };
}
