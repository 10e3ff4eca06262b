/**
 * `sys/ioctl.h`: what is asked of a descriptor in no other way.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/ioctl_tty.2.html ioctl_tty(2)}
 * @module
 */
import { check } from "./errno.ts";
import { openRare } from "./library.ts";
import { Struct } from "./memory.ts";

const TIOCSCTTY = 0x540en;
const FIONREAD = 0x541bn;

const c = openRare({
  // int ioctl(int fd, unsigned long request, ...), variadic in C
  ioctl_int: { name: "ioctl", parameters: ["i32", "u64", "i32"], result: "i32" },
  ioctl_pointer: { name: "ioctl", parameters: ["i32", "u64", "pointer"], result: "i32" },
});

/** Makes it the terminal of the caller's session. @throws {SystemCallError} ENOTTY, EPERM */
export function becomeControllingTerminal(fd: number): void {
  check("ioctl", c.ioctl_int(fd, TIOCSCTTY, 0), "TIOCSCTTY");
}

/** How many bytes can be read at once. @throws {SystemCallError} EBADF, EINVAL, ENOTTY */
export function bytesAvailable(fd: number): number {
  const count = new Struct(4);
  check("ioctl", c.ioctl_pointer(fd, FIONREAD, count.pointer), "FIONREAD");
  return count.i32(0);
}
