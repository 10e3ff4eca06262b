/**
 * The loopback interface, which a fresh network namespace has, but down.
 *
 * @module
 */
import { isErrno } from "../libc/errno.ts";
import { AF_INET, connect, inetAddress, SOCK_DGRAM, socket } from "../libc/sys_socket.ts";
import { close } from "../libc/unistd.ts";

export const LOOPBACK = "127.0.0.1";

/** Why nothing can be sent over it, or null when it is up. bind() does not mind. */
export function withoutLoopback(): string | null {
  using undo = new DisposableStack();
  try {
    // Connecting a datagram socket looks up the route and sends nothing.
    connect(undo.adopt(socket(AF_INET, SOCK_DGRAM), close), inetAddress(LOOPBACK, 9));
    return null;
  } catch (error) {
    if (!isErrno(error, "ENETUNREACH")) throw error;
    return "the loopback interface of this network namespace is down (ENETUNREACH); " +
      "as root: ip link set lo up";
  }
}
