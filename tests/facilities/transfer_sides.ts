/**
 * What the two sides of a transfer test do: both know the same sequence of sizes and contents, so
 * each byte that arrives can be compared.
 *
 * @module
 */
import type { Channel } from "../../facilities/facility.ts";
import { Memory } from "../../facilities/libc/memory.ts";
import { memcmp, memcpy } from "../../facilities/libc/string.ts";
import { type Transfer, TURN_SIZES } from "./transfer.ts";

export interface Tally {
  intact: number;
  lost: number;
  wrong: string | null;
}

/** Offsets into the pattern: two messages in a row, or of the same size, differ in every part. */
const OFFSETS = 4093;

/** Messages with contents that tell which message it is, and sizes from 1 byte to `maxBytes`. */
class Sequence {
  readonly #pattern: Memory;
  readonly #maxBytes: number;
  #state: number;
  #number = 0;
  length = 0;

  constructor(maxBytes: number, seed: number) {
    this.#maxBytes = maxBytes;
    this.#state = seed;
    this.#pattern = Memory.allocate(maxBytes + OFFSETS);
    const { bytes } = this.#pattern;
    for (let at = 0; at < bytes.length; at++) bytes[at] = this.#random() * 256;
  }

  /** Steps to the next message; returns where its content stands. */
  next(): Deno.PointerObject {
    this.length = Math.min(
      this.#maxBytes,
      Math.floor((this.#maxBytes + 1) ** this.#random()),
    );
    return this.#pattern.at(this.#number++ * 31 % OFFSETS);
  }

  /** Between 0 and 1 (xorshift32). */
  #random(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 2 ** 32;
  }

  [Symbol.dispose](): void {
    this.#pattern[Symbol.dispose]();
  }
}

const FORTH = 0x1234567;
const BACK = 0x7654321;

/** One side of a transfer: all of what goes forth, what comes back, and the turns. */
export function takePart(channel: Channel, initiator: boolean, plan: Transfer): Tally {
  const { messages, maxBytes, turns = 0 } = plan;
  const tally: Tally = { intact: 0, lost: 0, wrong: null };
  const move = (count: number, sequence: Sequence, forth: boolean) => {
    if (forth === initiator) sendAll(channel, count, sequence);
    else receiveAll(channel, count, sequence, tally);
  };
  const inSizes = (largest: number, act: (forth: Sequence, back: Sequence) => void) => {
    using forth = new Sequence(largest, FORTH);
    using back = new Sequence(largest, BACK);
    channel.prepare(largest);
    act(forth, back);
  };

  inSizes(maxBytes, (forth, back) => {
    move(messages, forth, true);
    move(Math.floor(messages / 10), back, false);
  });
  for (const part of turns === 0 ? [] : TURN_SIZES) {
    inSizes(Math.ceil(maxBytes * part), (forth, back) => {
      for (let turn = 0; turn < turns; turn++) {
        move(1, forth, true);
        move(1, back, false);
      }
    });
  }
  return tally;
}

function sendAll(channel: Channel, messages: number, sequence: Sequence): void {
  for (let number = 0; number < messages; number++) {
    const content = sequence.next();
    memcpy(channel.outgoing().pointer, content, BigInt(sequence.length));
    channel.send(sequence.length);
  }
}

function receiveAll(channel: Channel, messages: number, sequence: Sequence, tally: Tally): void {
  const lostBefore = (channel.lost ?? 0) - tally.lost;
  for (let number = 0; number < messages; number++) {
    const content = sequence.next();
    const { pointer } = channel.receive(sequence.length);
    const lost = (channel.lost ?? 0) - lostBefore;
    if (lost > tally.lost) tally.lost = lost;
    else if (memcmp(pointer, content, BigInt(sequence.length)) === 0) tally.intact++;
    else tally.wrong ??= `message ${number} of ${sequence.length} bytes`;
  }
}
