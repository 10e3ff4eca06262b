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
import { Memory, Struct } from "../facilities/libc/memory.ts";
import { memchr, memcmp, memset } from "../facilities/libc/string.ts";
import { VerificationError } from "./workload.ts";

/**
 * Up to this many bytes a JavaScript loop is faster than a call into C: writing and reading 12 bytes
 * takes 15 ns in a loop, 16 in C; 16 bytes take 19 and 16, 24 bytes 29 and 16.
 */
const SMALL = 12;
/** A message that is not small, and how often both kinds are touched in training. */
const LARGE = 64;
const TRAINING = 20;
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
 * to be timed: a branch that was never taken is compiled anew, and one cell in five had that in it. So
 * few turns get neither compiled by itself: that is done within the loops.
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

/** From one such block to the next all bytes grow by one. */
const BLOCK = 128;
/** The pattern begins anew after so many bytes. */
const PERIOD = 1 << 14;
/** Bytes that are written and compared in one go. */
const SPAN = 4 * PERIOD;

let tile: Struct | undefined;

/**
 * Where in the tile the pattern of message `sequence` begins: one message's pattern is another's from
 * some block of 128 bytes on. The tile holds the pattern of message -1, a span and a period long.
 */
function patternFrom(sequence: number): { tile: Struct; offset: number } {
  if (tile === undefined) {
    const bytes = new Uint8Array(SPAN + PERIOD);
    // Bytes of a block that are 95 apart differ by one: so the next block is this one, turned by 95.
    const first = Uint8Array.from({ length: 2 * BLOCK }, (_, at) => patternByte(-1, at % BLOCK));
    for (let block = 0; block < PERIOD / BLOCK; block++) {
      const turned = 95 * block % BLOCK;
      bytes.set(first.subarray(turned, turned + BLOCK), block * BLOCK);
    }
    for (let at = PERIOD; at < bytes.length; at += PERIOD) bytes.copyWithin(at, 0, PERIOD);
    tile = new Struct(bytes);
  }
  return { tile, offset: BLOCK * (Math.imul(sequence + 1, 17) & 0x7f) };
}

/** Writes the pattern of message `sequence`. */
export function writePattern({ bytes }: Payload, sequence: number, length: number): void {
  const { tile, offset } = patternFrom(sequence);
  for (let at = 0; at < length; at += SPAN) {
    bytes.set(tile.bytes.subarray(offset, offset + Math.min(SPAN, length - at)), at);
  }
}

/**
 * Checks the pattern of message `sequence`.
 *
 * @throws {VerificationError} naming the message and the first byte that differs
 */
export function checkPattern({ bytes, pointer }: Payload, sequence: number, length: number): void {
  const { tile, offset } = patternFrom(sequence);
  const expected = Deno.UnsafePointer.offset(tile.pointer, offset)!;
  for (let from = 0; from < length; from += SPAN) {
    const to = Math.min(length, from + SPAN);
    const received = Deno.UnsafePointer.offset(pointer, from)!;
    if (memcmp(received, expected, BigInt(to - from)) === 0) continue;
    for (let at = from; at < to; at++) {
      if (bytes[at] === patternByte(sequence, at)) continue;
      throw new VerificationError(
        `message ${sequence} of ${length} bytes has ${bytes[at]} at byte ${at} instead of ` +
          patternByte(sequence, at),
      );
    }
  }
}

/** Messages of a verification: enough to see a doubled or lost one, fewer where they are long. */
const VERIFIED = 4;
const VERIFIED_LONG = 2;
const LONG = 1 << 18;

/** Sends patterns both ways, in turn; the patterns of the two directions differ. */
export function verifyChannel(channel: Channel, role: Role, length: number): void {
  const messages = length < LONG ? VERIFIED : VERIFIED_LONG;
  for (let sequence = 0; sequence < messages; sequence++) {
    if (role !== "peer") {
      writePattern(channel.outgoing(), sequence, length);
      channel.send(length);
    }
    if (role !== "initiator") {
      checkPattern(channel.receive(length), sequence, length);
    }
    if (role === "peer") {
      writePattern(channel.outgoing(), sequence + 50, length);
      channel.send(length);
    }
    if (role === "initiator") {
      checkPattern(channel.receive(length), sequence + 50, length);
    }
  }
}
