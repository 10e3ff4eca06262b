/**
 * `signal.h`: what a process does about signals that are not the facilities'. Apart from `signal.ts`,
 * because every participant needs this and few send signals.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/signal.2.html signal(2)}
 * @module
 */
import { openRare } from "./library.ts";

export const SIGINT = 2;
/** A file would get larger than RLIMIT_FSIZE; ignored, the call fails with EFBIG. */
export const SIGXFSZ = 25;
const SIG_IGN = 1n;

const c = openRare({
  signal: { parameters: ["i32", "usize"], result: "usize" },
});

/** Ignores a signal in this process and in those it starts. */
export function ignoreSignal(signal: number): void {
  c.signal(signal, SIG_IGN);
}
