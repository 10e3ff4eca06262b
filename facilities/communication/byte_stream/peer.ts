/** Who is at the other end of a UNIX socket. @module */
import { peerCredentials } from "../../libc/sys_socket.ts";
import { close, geteuid } from "../../libc/unistd.ts";

/**
 * Refuses, and closes, a connection with a process of another user.
 *
 * @throws {Error} naming the stranger
 */
export function assertSameUser(fd: number): void {
  const { pid, uid } = peerCredentials(fd);
  if (uid === geteuid()) return;
  close(fd);
  throw new Error(`Cannot trust the connection: process ${pid} of user ${uid} is at its other end`);
}
