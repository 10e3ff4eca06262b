/**
 * `stdlib.h`: opening the master side of a pseudoterminal.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/pty.7.html pty(7)},
 * {@link https://man7.org/linux/man-pages/man3/posix_openpt.3.html posix_openpt(3)},
 * {@link https://man7.org/linux/man-pages/man3/ptsname_r.3.html ptsname_r(3)}
 * @module
 */
import { check, checkReturned } from "./errno.ts";
import { openLate } from "./library.ts";
import { fromCString } from "./strings.ts";

const c = openLate({
  posix_openpt: { parameters: ["i32"], result: "i32" },
  grantpt: { parameters: ["i32"], result: "i32" },
  unlockpt: { parameters: ["i32"], result: "i32" },
  ptsname_r: { parameters: ["i32", "buffer", "usize"], result: "i32" },
});

/** A new master. @throws {SystemCallError} EAGAIN, EMFILE, ENFILE, ENOENT, ENOSPC */
export function posixOpenpt(flags: number): number {
  return check("posix_openpt", c.posix_openpt(flags));
}

/** Gives the slave to this user. @throws {SystemCallError} EACCES, EBADF, EINVAL */
export function grantpt(master: number): void {
  check("grantpt", c.grantpt(master));
}

/** Lets the slave be opened. @throws {SystemCallError} EBADF, EINVAL */
export function unlockpt(master: number): void {
  check("unlockpt", c.unlockpt(master));
}

/** The pathname of the slave. @throws {SystemCallError} ENOTTY, ERANGE */
export function ptsname(master: number): string {
  const name = new Uint8Array(128);
  checkReturned("ptsname_r", c.ptsname_r(master, name, BigInt(name.length)));
  return fromCString(name);
}
