/**
 * Becoming another user, in one thread: the C library changes all threads of a process together, the
 * kernel's own calls only the thread that makes them.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/setresuid.2.html setresuid(2)}, "C library/kernel
 * differences"
 * @module
 */
import { ARCH } from "./arch.ts";
import { check } from "./errno.ts";
import { openRare } from "./library.ts";

const c = openRare({
  setgroups: { name: "syscall", parameters: ["i64", "usize", "pointer"], result: "i32" },
  // setresgid and setresuid: real, effective, saved
  setres: { name: "syscall", parameters: ["i64", "u32", "u32", "u32"], result: "i32" },
});

/** `nobody`, who owns nothing. */
export const NOBODY = 65_534;

/**
 * Turns the calling thread into one of another user and group, until `becomeRootAgain`. The kernel
 * forgets `dieWithParent` when it changes.
 *
 * @throws {SystemCallError} EPERM unless called by root
 */
export function becomeUserForNow(uid: number, gid: number): void {
  check("setgroups", c.setgroups(ARCH.SYS_setgroups, 0n, null));
  check("setresgid", c.setres(ARCH.SYS_setresgid, gid, gid, 0));
  check("setresuid", c.setres(ARCH.SYS_setresuid, uid, uid, 0));
}

/** @throws {SystemCallError} EPERM where root was given up for good */
export function becomeRootAgain(): void {
  check("setresuid", c.setres(ARCH.SYS_setresuid, 0, 0, 0));
  check("setresgid", c.setres(ARCH.SYS_setresgid, 0, 0, 0));
}

/**
 * Turns the calling thread into one of another user and group, for good.
 *
 * @throws {SystemCallError} EPERM unless called by root
 */
export function becomeUser(uid: number, gid: number): void {
  check("setgroups", c.setgroups(ARCH.SYS_setgroups, 0n, null));
  check("setresgid", c.setres(ARCH.SYS_setresgid, gid, gid, gid));
  check("setresuid", c.setres(ARCH.SYS_setresuid, uid, uid, uid));
}
