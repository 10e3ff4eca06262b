/**
 * `sys/file.h`: BSD locks on whole files.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/flock.2.html flock(2)}
 * @module
 */
import { check, ERRNO, errno } from "./errno.ts";
import { openLate } from "./library.ts";

export const LOCK_SH = 1;
export const LOCK_EX = 2;
export const LOCK_NB = 4;
export const LOCK_UN = 8;

const c = openLate({
  flock: { parameters: ["i32", "i32"], result: "i32" },
});

/** Called raw by the loops that lock; they check the result. */
export function flock(fd: number, operation: number): number {
  return c.flock(fd, operation);
}

/**
 * Takes the lock for this descriptor unless someone else has it; false where someone has. It lasts
 * until the last copy of the descriptor is closed, at the latest with the process.
 *
 * @throws {SystemCallError} EBADF, ENOLCK where the file system knows no locks
 */
export function tryLock(fd: number): boolean {
  if (flock(fd, LOCK_EX | LOCK_NB) === 0) return true;
  if (errno() !== ERRNO.EAGAIN) check("flock", -1);
  return false;
}
