/**
 * The channel over any pair of byte-stream descriptors: whole messages out of reads that may return
 * any number of bytes.
 *
 * @module
 */
import type { Channel, Handles } from "../../facility.ts";
import { check, isErrno } from "../../libc/errno.ts";
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
  readonly #release: () => void;
  #length = 0;
  #size = 0n;

  constructor(readEnd: number, writeEnd: number, maxBytes: number, release: () => void = () => {}) {
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

  /** A write was short: the rest goes out in as many calls as it takes. */
  #sendRest(done: number, length: number): void {
    check("write", done);
    while (done < length) {
      done += check(
        "write",
        write(this.#writeEnd, this.#out.at(done), BigInt(length - done)),
      );
    }
  }

  /** A read was short, as it may be on any byte stream. */
  #receiveRest(done: number, length: number): void {
    check("read", done);
    if (done === 0) throw new EndOfStream();
    while (done < length) {
      const count = check(
        "read",
        read(this.#readEnd, this.#in.at(done), BigInt(length - done)),
      );
      if (count === 0) throw new EndOfStream();
      done += count;
    }
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
    this.#release();
  }
}

/** The other participant closed its end. */
export class EndOfStream extends Error {
  override readonly name = "EndOfStream";
  constructor() {
    super("Cannot receive: the other participant closed its end");
  }
}
