/**
 * `sys/file.h`: BSD locks on whole files.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/flock.2.html flock(2)}
 * @module
 */
import { open } from "./library.ts";

export const LOCK_SH = 1;
export const LOCK_EX = 2;
export const LOCK_NB = 4;
export const LOCK_UN = 8;

/** Called raw by the loops that lock; they check the result. */
export const { flock } = open({
  flock: { parameters: ["i32", "i32"], result: "i32" },
});
