/**
 * The channel over any socket that keeps message boundaries: one call sends a message, one call
 * receives one.
 *
 * @module
 */
import type { Channel, Handles } from "../../facility.ts";
import { check } from "../../libc/errno.ts";
import { Memory } from "../../libc/memory.ts";
import { MSG_TRUNC, recv, send } from "../../libc/sys_socket.ts";
import { sendWithoutWaiting } from "../../without_waiting.ts";
import type { Ends } from "../unix_socket.ts";

export class MessageSocket implements Channel {
  readonly handles: Handles;
  readonly #readEnd: number;
  readonly #writeEnd: number;
  readonly #release: () => void;
  readonly #out: Memory;
  readonly #in: Memory;
  readonly #capacity: bigint;
  #length = 0;
  #size = 0n;

  constructor([readEnd, writeEnd, release]: Ends, maxBytes: number) {
    this.handles = [readEnd, writeEnd];
    this.#readEnd = readEnd;
    this.#writeEnd = writeEnd;
    this.#release = release;
    this.#out = Memory.allocate(maxBytes);
    this.#in = Memory.allocate(maxBytes);
    this.#capacity = BigInt(maxBytes);
  }

  prepare(length: number): void {
    this.#length = length;
    this.#size = BigInt(length);
  }

  outgoing(): Memory {
    return this.#out;
  }

  send(length: number): void {
    if (length !== this.#length) this.prepare(length);
    const count = send(this.#writeEnd, this.#out.pointer, this.#size, 0);
    if (count !== length) check("send", count, `${length} bytes`);
  }

  receive(length: number): Memory {
    // With MSG_TRUNC the result is the message's whole length, even where the buffer is shorter.
    const count = recv(this.#readEnd, this.#in.pointer, this.#capacity, MSG_TRUNC);
    if (count !== length) wrongLength("recv", count, length);
    return this.#in;
  }

  sendUntilFull(length: number): number {
    this.prepare(length);
    return sendWithoutWaiting(
      this.#writeEnd,
      () => check("send", send(this.#writeEnd, this.#out.pointer, this.#size, 0)),
    );
  }

  [Symbol.dispose](): void {
    this.#out[Symbol.dispose]();
    this.#in[Symbol.dispose]();
    this.#release();
  }
}

/** Reports a message that failed to arrive, or arrived with another length than was expected. */
export function wrongLength(call: string, count: number, expected: number): never {
  check(call, count);
  throw new Error(`${call} returned a message of ${count} bytes instead of ${expected}`);
}
