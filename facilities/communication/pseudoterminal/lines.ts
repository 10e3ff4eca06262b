/**
 * The channel over a terminal in canonical mode: a message is its bytes and a newline.
 *
 * @module
 */
import type { Channel, Handles, Payload } from "../../facility.ts";
import { StreamChannel } from "../byte_stream/stream.ts";

const NEWLINE = 0x0a;

/** Adds the newline on one side and takes it off on the other; reads on where a message has more. */
export class LineChannel implements Channel {
  readonly handles: Handles;
  readonly #stream: StreamChannel;

  constructor(readEnd: number, writeEnd: number, maxBytes: number, release: Disposable) {
    this.#stream = new StreamChannel(readEnd, writeEnd, maxBytes + 1, release);
    this.handles = this.#stream.handles;
  }

  prepare(length: number): void {
    this.#stream.prepare(length + 1);
  }

  outgoing(): Payload {
    return this.#stream.outgoing();
  }

  send(length: number): void {
    this.#stream.outgoing().bytes[length] = NEWLINE;
    this.#stream.send(length + 1);
  }

  receive(length: number): Payload {
    return this.#stream.receive(length + 1);
  }

  [Symbol.dispose](): void {
    this.#stream[Symbol.dispose]();
  }
}
