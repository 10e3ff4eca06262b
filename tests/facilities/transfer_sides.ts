/**
 * What the two sides of a transfer test do: both know the same sequence of sizes and contents, so
 * each byte that arrives can be compared.
 *
 * @module
 */
import type { Channel } from "../../facilities/facility.ts";
import { Memory } from "../../facilities/libc/memory.ts";
import { memcmp, memcpy } from "../../facilities/libc/string.ts";

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

/** Sends `messages`, then receives a tenth as many. */
export function sendThenReceive(channel: Channel, messages: number, maxBytes: number): Tally {
  channel.prepare(maxBytes);
  sendAll(channel, messages, maxBytes, FORTH);
  return receiveAll(channel, Math.floor(messages / 10), maxBytes, BACK);
}

/** The other side. */
export function receiveThenSend(channel: Channel, messages: number, maxBytes: number): Tally {
  channel.prepare(maxBytes);
  const tally = receiveAll(channel, messages, maxBytes, FORTH);
  sendAll(channel, Math.floor(messages / 10), maxBytes, BACK);
  return tally;
}

function sendAll(channel: Channel, messages: number, maxBytes: number, seed: number): void {
  using sequence = new Sequence(maxBytes, seed);
  for (let number = 0; number < messages; number++) {
    const content = sequence.next();
    memcpy(channel.outgoing().pointer, content, BigInt(sequence.length));
    channel.send(sequence.length);
  }
}

function receiveAll(channel: Channel, messages: number, maxBytes: number, seed: number): Tally {
  using sequence = new Sequence(maxBytes, seed);
  const tally: Tally = { intact: 0, lost: 0, wrong: null };
  const lostBefore = channel.lost ?? 0;
  for (let number = 0; number < messages; number++) {
    const content = sequence.next();
    const { pointer } = channel.receive(sequence.length);
    const lost = (channel.lost ?? 0) - lostBefore;
    if (lost > tally.lost) tally.lost = lost;
    else if (memcmp(pointer, content, BigInt(sequence.length)) === 0) tally.intact++;
    else tally.wrong ??= `message ${number} of ${sequence.length} bytes`;
  }
  return tally;
}
