/**
 * `semaphore.h`: POSIX semaphores, named and unnamed.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/sem_overview.7.html sem_overview(7)}
 * @module
 */
import { check, errno, SystemCallError } from "./errno.ts";
import { open, openLate, openRare } from "./library.ts";
import { Struct } from "./memory.ts";
import { cString } from "./strings.ts";

/** Bytes of a `sem_t` on 64-bit machines (`bits/semaphore.h`). */
export const SIZEOF_SEM_T = 32;

const SHARED_BETWEEN_PROCESSES = 1;

const c = open({
  sem_post: { parameters: ["pointer"], result: "i32" },
  sem_wait: { parameters: ["pointer"], result: "i32" },
  sem_trywait: { parameters: ["pointer"], result: "i32" },
});

const late = openLate({
  // sem_t *sem_open(const char *name, int oflag, mode_t mode, unsigned int value), variadic in C
  sem_open: { parameters: ["buffer", "i32", "u32", "u32"], result: "pointer" },
  sem_close: { parameters: ["pointer"], result: "i32" },
  sem_unlink: { parameters: ["buffer"], result: "i32" },
  sem_init: { parameters: ["pointer", "i32", "u32"], result: "i32" },
  sem_destroy: { parameters: ["pointer"], result: "i32" },
});

const rare = openRare({
  sem_getvalue: { parameters: ["pointer", "pointer"], result: "i32" },
});

/** Called raw by the loops that post and wait; they check the result. */
export const { sem_post, sem_wait, sem_trywait } = c;

/** @throws {SystemCallError} EACCES, EEXIST, EINVAL, EMFILE, ENAMETOOLONG, ENOENT, ENOMEM */
export function semOpen(name: string, flags: number, value = 0): Deno.PointerObject {
  const semaphore = late.sem_open(cString(name), flags, 0o600, value);
  if (semaphore === null) throw new SystemCallError("sem_open", errno(), name);
  return semaphore;
}

/** @throws {SystemCallError} EINVAL */
export function semClose(semaphore: Deno.PointerObject): void {
  check("sem_close", late.sem_close(semaphore));
}

/** @throws {SystemCallError} EACCES, ENAMETOOLONG, ENOENT */
export function semUnlink(name: string): void {
  check("sem_unlink", late.sem_unlink(cString(name)), name);
}

/** Makes a semaphore, for all who share the memory it lies in. @throws {SystemCallError} EINVAL */
export function semInit(semaphore: Deno.PointerObject, value: number): void {
  check("sem_init", late.sem_init(semaphore, SHARED_BETWEEN_PROCESSES, value));
}

/** @throws {SystemCallError} EINVAL */
export function semDestroy(semaphore: Deno.PointerObject): void {
  check("sem_destroy", late.sem_destroy(semaphore));
}

/** The value now, which may have changed when the caller looks at it. */
export function semGetValue(semaphore: Deno.PointerObject): number {
  const value = new Struct(4);
  check("sem_getvalue", rare.sem_getvalue(semaphore, value.pointer));
  return value.i32(0);
}
