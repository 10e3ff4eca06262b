/** Giving back what an attached participant holds: once, and not before all are done with it. @module */
import type { Lock } from "./facility.ts";

/** A disposer that does its work the first time only. */
export function once(release: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    release();
  };
}

/** A set of locks over something that they share: given back when the last of them is disposed. */
export function lockSet(
  locks: readonly Omit<Lock, typeof Symbol.dispose>[],
  release: () => void,
): Lock[] {
  let left = locks.length;
  return locks.map((lock) => ({
    ...lock,
    [Symbol.dispose]: once(() => {
      if (--left === 0) release();
    }),
  }));
}
