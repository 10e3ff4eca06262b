/**
 * The channel over any pair of byte-stream descriptors: whole messages out of reads that may return
 * any number of bytes.
 *
 * @module
 */
import type { Channel, Handles } from "../../facility.ts";
import { check, isErrno, unlessInterrupted } from "../../libc/errno.ts";
import { F_GETPIPE_SZ, fcntl } from "../../libc/fcntl.ts";
import { Memory } from "../../libc/memory.ts";
import { read, write } from "../../libc/unistd.ts";
import { sendWithoutWaiting } from "../../without_waiting.ts";

/** A channel that reads from one descriptor and writes to another (or the same). */
export class StreamChannel implements Channel {
  readonly handles: Handles;
  readonly #readEnd: number;
  readonly #writeEnd: number;
  readonly #out: Memory;
  readonly #in: Memory;
  readonly #release: Disposable;
  #length = 0;
  #size = 0n;

  constructor(
    readEnd: number,
    writeEnd: number,
    maxBytes: number,
    release: Disposable = new DisposableStack(),
  ) {
    this.handles = [readEnd, writeEnd];
    this.#readEnd = readEnd;
    this.#writeEnd = writeEnd;
    this.#out = Memory.allocate(maxBytes);
    this.#in = Memory.allocate(maxBytes);
    this.#release = release;
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
    const done = write(this.#writeEnd, this.#out.pointer, this.#size);
    if (done !== length) this.#sendRest(done, length);
  }

  receive(length: number): Memory {
    if (length !== this.#length) this.prepare(length);
    const done = read(this.#readEnd, this.#in.pointer, this.#size);
    if (done !== length) this.#receiveRest(done, length);
    return this.#in;
  }

  /** A write was short or interrupted: the rest goes out in as many calls as it takes. */
  #sendRest(first: number, length: number): void {
    let sent = 0;
    for (let count = first;; count = this.#write(sent, length)) {
      if (count === -1) unlessInterrupted("write");
      else sent += count;
      if (sent === length) return;
    }
  }

  #write(from: number, to: number): number {
    return write(this.#writeEnd, this.#out.at(from), BigInt(to - from));
  }

  /** A read was interrupted or short, as it may be on any byte stream. */
  #receiveRest(first: number, length: number): void {
    let received = 0;
    for (let count = first;; count = this.#read(received, length)) {
      if (count === 0) throw new EndOfStream();
      if (count === -1) unlessInterrupted("read");
      else received += count;
      if (received === length) return;
    }
  }

  #read(from: number, to: number): number {
    return read(this.#readEnd, this.#in.at(from), BigInt(to - from));
  }

  sendUntilFull(length: number): number {
    this.prepare(length);
    return sendWithoutWaiting(
      this.#writeEnd,
      () => check("write", write(this.#writeEnd, this.#out.pointer, this.#size)),
    );
  }

  declaredCapacity(): number | undefined {
    try {
      return fcntl(this.#writeEnd, F_GETPIPE_SZ);
    } catch (error) {
      if (isErrno(error, "EBADF")) return undefined; // no pipe
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#out[Symbol.dispose]();
    this.#in[Symbol.dispose]();
    this.#release[Symbol.dispose]();
  }
}

/** The other participant closed its end. */
export class EndOfStream extends Error {
  override readonly name = "EndOfStream";
  constructor() {
    super("Cannot receive: the other participant closed its end");
  }
}
