/**
 * Touching the data: the sender writes every byte of a message, the receiver reads every one.
 *
 * Otherwise shared memory would win by moving nothing. Both are done at the C library's speed:
 * `memset` writes all, `memchr` for a byte that is never sent reads all. The value tells the
 * message's place in the sequence, so that a lost, doubled or stale message shows in the timed loop
 * too; the verification before it checks every byte.
 *
 * @module
 */
import type { Channel, Payload, Role } from "../facilities/facility.ts";
import { Memory } from "../facilities/libc/memory.ts";
import { memchr, memset } from "../facilities/libc/string.ts";
import { VerificationError } from "./workload.ts";

/** Up to this many bytes a JavaScript loop is faster than a call into C. */
const SMALL = 16;
/** A message that is not small, and how often both kinds are touched in training. */
const LARGE = 64;
const TRAINING = 200;
/** Values sent are below 128; this one is never sent. */
const ABSENT = 0xff;

/** Writes `length` bytes of message number `sequence`. `size` is `length` as a bigint. */
export function fill({ bytes, pointer }: Payload, sequence: number, length: number, size: bigint) {
  const value = sequence & 0x7f;
  if (length <= SMALL) {
    for (let at = 0; at < length; at++) bytes[at] = value;
  } else {
    memset(pointer, value, size);
  }
}

/** Reads all bytes; returns 0 if it is message number `sequence`, else 1. */
export function examine(
  { bytes, pointer }: Payload,
  sequence: number,
  length: number,
  size: bigint,
): number {
  const value = sequence & 0x7f;
  if (length <= SMALL) {
    let differs = 0;
    for (let at = 0; at < length; at++) differs |= bytes[at]! ^ value;
    return differs === 0 ? 0 : 1;
  }
  return memchr(pointer, ABSENT, size) === 0 && bytes[0] === value && bytes[length - 1] === value
    ? 0
    : 1;
}

/**
 * Touches small and large messages in turn, so that neither way is new to the compiler when it comes
 * to be timed: a branch that was never taken is compiled anew, and one cell in five had that in it.
 */
export function trainTouching(): void {
  // Code that reads memory is compiled anew when the first memory goes away; so let that be now.
  Memory.allocate(LARGE)[Symbol.dispose]();
  using memory = Memory.allocate(LARGE);
  for (let turn = 0; turn < TRAINING; turn++) {
    for (const length of [1, LARGE]) {
      const size = BigInt(length);
      fill(memory, turn, length, size);
      examine(memory, turn, length, size);
    }
  }
}

/** The byte at `at` of message `sequence` in the verification's pattern; all are below 128. */
function patternByte(sequence: number, at: number): number {
  return (Math.imul(at + 1, 31) + Math.imul(sequence + 1, 17) + (at >> 7)) & 0x7f;
}

/** Writes the pattern of message `sequence`. */
export function writePattern(bytes: Uint8Array, sequence: number, length: number): void {
  for (let at = 0; at < length; at++) bytes[at] = patternByte(sequence, at);
}

/**
 * Checks the pattern of message `sequence`.
 *
 * @throws {VerificationError} naming the message and the first byte that differs
 */
export function checkPattern(bytes: Uint8Array, sequence: number, length: number): void {
  for (let at = 0; at < length; at++) {
    const expected = patternByte(sequence, at);
    if (bytes[at] !== expected) {
      throw new VerificationError(
        `message ${sequence} of ${length} bytes has ${
          bytes[at]
        } at byte ${at} instead of ${expected}`,
      );
    }
  }
}

/** Messages of a verification: enough to see a doubled or lost one, few where they are large. */
const VERIFIED = 4;

/** Sends patterns both ways, in turn; the patterns of the two directions differ. */
export function verifyChannel(channel: Channel, role: Role, length: number): void {
  for (let sequence = 0; sequence < VERIFIED; sequence++) {
    if (role !== "peer") {
      writePattern(channel.outgoing().bytes, sequence, length);
      channel.send(length);
    }
    if (role !== "initiator") {
      checkPattern(channel.receive(length).bytes, sequence, length);
    }
    if (role === "peer") {
      writePattern(channel.outgoing().bytes, sequence + 50, length);
      channel.send(length);
    }
    if (role === "initiator") {
      checkPattern(channel.receive(length).bytes, sequence + 50, length);
    }
  }
}
