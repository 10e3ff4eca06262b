/**
 * `sys/eventfd.h`: a counter in the kernel, held by a descriptor.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/eventfd.2.html eventfd(2)}
 * @module
 */
import { check } from "./errno.ts";
import { openLate } from "./library.ts";

/** A read takes one off the counter instead of all of it. */
export const EFD_SEMAPHORE = 1;
export const EFD_NONBLOCK = 0o4000;
export const EFD_CLOEXEC = 0o2000000;

const c = openLate({
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
});

/** Inherited by children unless `EFD_CLOEXEC`. @throws {SystemCallError} EINVAL, EMFILE, ENFILE */
export function eventfd(value = 0, flags = 0): number {
  return check("eventfd", c.eventfd(value, flags));
}
