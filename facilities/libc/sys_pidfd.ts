/**
 * `sys/pidfd.h`: a hold on a process that is not one's own child, so that its id cannot come to mean
 * another process.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/pidfd_open.2.html pidfd_open(2)},
 * {@link https://man7.org/linux/man-pages/man2/pidfd_send_signal.2.html pidfd_send_signal(2)}
 * @module
 */
import { ARCH } from "./arch.ts";
import { check, isErrno } from "./errno.ts";
import { open, openRare } from "./library.ts";
import { Struct } from "./memory.ts";
import { POLLFD, POLLIN } from "./poll.ts";
import { close } from "./unistd.ts";

const c = open({
  // Waits on another thread, so that the event loop goes on.
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32", nonblocking: true },
});

const rare = openRare({
  pidfd_open: { name: "syscall", parameters: ["i64", "i32", "u32"], result: "i32" },
  pidfd_send_signal: {
    name: "syscall",
    parameters: ["i64", "i32", "i32", "pointer", "u32"],
    result: "i32",
  },
});

/** A process, by whatever id it is known. */
export class ProcessHandle implements Disposable {
  readonly #fd: number;
  #disposed = false;

  /** @throws {SystemCallError} EMFILE, ENFILE, ENOSYS, ESRCH where there is no such process */
  constructor(pid: number) {
    this.#fd = check("pidfd_open", rare.pidfd_open(ARCH.SYS_pidfd_open, pid, 0), `${pid}`);
  }

  /** Sends it a signal; false where it has ended. @throws {SystemCallError} EINVAL, EPERM */
  signal(signal: number): boolean {
    const result = rare.pidfd_send_signal(ARCH.SYS_pidfd_send_signal, this.#fd, signal, null, 0);
    try {
      check("pidfd_send_signal", result);
      return true;
    } catch (error) {
      if (isErrno(error, "ESRCH")) return false;
      throw error;
    }
  }

  /** Resolves to true when it has ended, to false after `milliseconds`. Dispose only afterwards. */
  async ended(milliseconds: number): Promise<boolean> {
    const pollfd = new Struct(POLLFD.size)
      .setI32(POLLFD.fd, this.#fd)
      .setI32(POLLFD.events, POLLIN);
    await c.poll(pollfd.bytes, 1n, Math.ceil(milliseconds));
    // Read afterwards, so that the structure is not collected while the other thread has it.
    return pollfd.view.getInt16(POLLFD.revents, true) !== 0;
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    close(this.#fd);
  }
}
