/** Sending until a facility is full. @module */
import { isErrno, type SystemCallError } from "./libc/errno.ts";
import { setNonBlocking } from "./libc/fcntl.ts";

/**
 * Sends on a descriptor (a POSIX message queue's is one too) until that would have to wait for room;
 * returns the sum of what `send` returned.
 *
 * @throws {SystemCallError} whatever `send` throws but EAGAIN
 */
export function sendWithoutWaiting(fd: number, send: () => number): number {
  setNonBlocking(fd, true);
  let total = 0;
  try {
    for (;;) total += send();
  } catch (error) {
    if (!isErrno(error, "EAGAIN")) throw error as SystemCallError;
    return total;
  } finally {
    setNonBlocking(fd, false);
  }
}
