/**
 * `string.h`: filling, copying and reading memory at the C library's speed.
 *
 * These are called raw from timed loops. `memchr` for a byte that never occurs is how a receiver
 * reads every byte it got: one call, vectorised, nothing written.
 *
 * @module
 */
import { open, openRare } from "./library.ts";

export const { memset, memcpy, memchr } = open({
  memset: { parameters: ["pointer", "i32", "usize"], result: "void" },
  memcpy: { parameters: ["pointer", "pointer", "usize"], result: "void" },
  // Only "found" or "not found" is asked, so the pointer is narrowed to its low half.
  memchr: { parameters: ["pointer", "i32", "usize"], result: "i32" },
});

export const { memcmp } = openRare({
  memcmp: { parameters: ["pointer", "pointer", "usize"], result: "i32" },
});
