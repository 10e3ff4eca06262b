/**
 * The channel over any socket that keeps message boundaries: one call sends a message, one call
 * receives one.
 *
 * @module
 */
import type { Channel, Handles } from "../../facility.ts";
import { check, unlessInterrupted } from "../../libc/errno.ts";
import { Memory } from "../../libc/memory.ts";
import { MSG_TRUNC, recv, send } from "../../libc/sys_socket.ts";
import { sendWithoutWaiting } from "../../without_waiting.ts";
import { EndOfStream } from "../byte_stream/stream.ts";
import type { Ends } from "../unix_socket.ts";
import { WrongLength } from "./wrong_length.ts";

export class MessageSocket implements Channel {
  readonly handles: Handles;
  readonly #readEnd: number;
  readonly #writeEnd: number;
  readonly #release: Disposable;
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
    while (send(this.#writeEnd, this.#out.pointer, this.#size, 0) !== length) {
      unlessInterrupted("send");
    }
  }

  receive(length: number): Memory {
    for (;;) {
      // With MSG_TRUNC the result is the message's whole length, even where the buffer is shorter.
      const count = recv(this.#readEnd, this.#in.pointer, this.#capacity, MSG_TRUNC);
      if (count === length) return this.#in;
      if (count === 0) throw new EndOfStream();
      if (count !== -1) throw new WrongLength("recv", count, length);
      unlessInterrupted("recv");
    }
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
    this.#release[Symbol.dispose]();
  }
}
