/**
 * `linux/futex.h`: sleep on a word of memory until another participant wakes it.
 *
 * The words are shared between processes, so the private variants are not used.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/futex.2.html futex(2)}
 * @module
 */
import { ARCH } from "./arch.ts";
import { check, ERRNO, errno } from "./errno.ts";
import { open } from "./library.ts";
import { timespecOf } from "./time.ts";

const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;

const c = open({
  // long syscall(SYS_futex, uint32_t *uaddr, int op, uint32_t val, timespec *timeout)
  futex: {
    name: "syscall",
    parameters: ["i64", "pointer", "i32", "i32", "pointer"],
    result: "i32",
  },
});

const SYS_futex = ARCH.SYS_futex;

/** Sleeps while the word at `address` is `expected`; may return early, so callers look again. */
export function futexWait(address: Deno.PointerObject, expected: number): void {
  c.futex(SYS_futex, address, FUTEX_WAIT, expected, null);
}

/**
 * Sleeps while the word is `expected`, at most `milliseconds`; false when that time passed.
 *
 * @throws {SystemCallError} EFAULT, EINVAL
 */
export function futexWaitFor(
  address: Deno.PointerObject,
  expected: number,
  milliseconds: number,
): boolean {
  const timeout = timespecOf(milliseconds);
  if (c.futex(SYS_futex, address, FUTEX_WAIT, expected, timeout.pointer) === -1) {
    const error = errno();
    if (error === ERRNO.ETIMEDOUT) return false;
    if (error !== ERRNO.EAGAIN && error !== ERRNO.EINTR) check("futex", -1);
  }
  return true;
}

/** Wakes at most `count` sleepers; returns how many. */
export function futexWake(address: Deno.PointerObject, count: number): number {
  return c.futex(SYS_futex, address, FUTEX_WAKE, count, null);
}
