/**
 * The notifier over any pair of byte-stream descriptors: one byte is one post.
 *
 * @module
 */
import type { Notifier } from "../../facility.ts";
import { check } from "../../libc/errno.ts";
import { Struct } from "../../libc/memory.ts";
import { read, write } from "../../libc/unistd.ts";
import { EndOfStream } from "./stream.ts";

/** A notifier that posts by writing a byte and waits by reading one. */
export function doorbell(
  readEnd: number,
  writeEnd: number,
  release: Disposable = new DisposableStack(),
): Notifier {
  const token = new Struct(1);
  const { pointer } = token;
  return {
    handles: [readEnd, writeEnd],
    post() {
      if (write(writeEnd, pointer, 1n) !== 1) check("write", -1);
    },
    wait() {
      const count = read(readEnd, pointer, 1n);
      if (count !== 1) {
        check("read", count);
        throw new EndOfStream();
      }
    },
    [Symbol.dispose]() {
      token.bytes[0] = 0; // keeps the byte alive as long as its pointer is used
      release[Symbol.dispose]();
    },
  };
}
