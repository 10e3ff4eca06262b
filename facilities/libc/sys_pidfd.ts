/**
 * `sys/pidfd.h`: noticing the end of a process that is not one's own child.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/pidfd_open.2.html pidfd_open(2)}
 * @module
 */
import { ARCH } from "./arch.ts";
import { open } from "./library.ts";
import { Struct } from "./memory.ts";
import { POLLFD, POLLIN } from "./poll.ts";
import { close } from "./unistd.ts";

const c = open({
  pidfd_open: { name: "syscall", parameters: ["i64", "i32", "u32"], result: "i32" },
  // Waits on another thread, so that the event loop goes on.
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32", nonblocking: true },
});

/**
 * Resolves to true when process `pid` has ended, to false after `milliseconds`. A process that is
 * gone already counts as ended.
 */
export async function processEnded(pid: number, milliseconds: number): Promise<boolean> {
  const fd = c.pidfd_open(ARCH.SYS_pidfd_open, pid, 0);
  if (fd === -1) return true;
  try {
    const pollfd = new Struct(POLLFD.size).setI32(POLLFD.fd, fd).setI32(POLLFD.events, POLLIN);
    await c.poll(pollfd.bytes, 1n, Math.ceil(milliseconds));
    // Read afterwards, so that the other thread's structure is not collected meanwhile.
    return pollfd.view.getInt16(POLLFD.revents, true) !== 0;
  } finally {
    close(fd);
  }
}
