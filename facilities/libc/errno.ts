/**
 * `errno.h`: the error of the last failed call of this thread, and its name.
 *
 * The location is mapped once a thread. Read it in the same synchronous function right after the
 * call: any Deno call in between may overwrite it.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/errno.3.html errno(3)}
 * @module
 */
import { open } from "./library.ts";

const { __errno_location } = open({
  __errno_location: { parameters: [], result: "pointer" },
});

const location = new Int32Array(
  Deno.UnsafePointerView.getArrayBuffer(__errno_location()!, 4),
);

/** Error numbers by name; the same on x86_64 and aarch64 (`asm-generic/errno.h`). */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  ENOEXEC: 8,
  EBADF: 9,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOTTY: 25,
  EFBIG: 27,
  ENOSPC: 28,
  ESPIPE: 29,
  EROFS: 30,
  EMLINK: 31,
  EPIPE: 32,
  EDOM: 33,
  ERANGE: 34,
  EDEADLK: 35,
  ENAMETOOLONG: 36,
  ENOLCK: 37,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  ELOOP: 40,
  ENOMSG: 42,
  EIDRM: 43,
  ENODATA: 61,
  EPROTO: 71,
  EOVERFLOW: 75,
  ENOTSOCK: 88,
  EDESTADDRREQ: 89,
  EMSGSIZE: 90,
  EPROTOTYPE: 91,
  ENOPROTOOPT: 92,
  ESOCKTNOSUPPORT: 94,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENETUNREACH: 101,
  ECONNABORTED: 103,
  ECONNRESET: 104,
  ENOBUFS: 105,
  EISCONN: 106,
  ENOTCONN: 107,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EALREADY: 114,
  EINPROGRESS: 115,
  ECANCELED: 125,
  EOWNERDEAD: 130,
  ENOTRECOVERABLE: 131,
} as const;

/** The name of an error number as the C library spells it. */
export type ErrnoName = keyof typeof ERRNO;

const NAME_OF = new Map<number, ErrnoName>(
  Object.entries(ERRNO).map(([name, number]) => [number, name as ErrnoName]),
);

/** The name of an error number, or `errno N` where the table has none. */
export function errnoName(number: number): string {
  return NAME_OF.get(number) ?? `errno ${number}`;
}

/** This thread's `errno`. */
export function errno(): number {
  return location[0]!;
}

/** A C library call that failed: which one, with what, and the kernel's reason. */
export class SystemCallError extends Error {
  override readonly name = "SystemCallError";
  /** The C function, for example `mq_open`. */
  readonly call: string;
  readonly errno: number;
  /** The name of `errno`, for example `EMSGSIZE`. */
  readonly code: string;

  constructor(call: string, number: number, detail = "") {
    const code = errnoName(number);
    super(`${call}${detail && ` ${detail}`} failed: ${code}`);
    this.call = call;
    this.errno = number;
    this.code = code;
  }
}

/**
 * Returns `result` unless it is -1; then throws the error that `errno` names.
 *
 * @throws {SystemCallError}
 */
export function check(call: string, result: number, detail = ""): number {
  if (result === -1) throw new SystemCallError(call, errno(), detail);
  return result;
}

/**
 * After a call that returned -1: comes back only if a signal interrupted it, so that the caller's
 * loop calls again.
 *
 * @throws {SystemCallError} for every error but EINTR
 */
export function unlessInterrupted(call: string): void {
  const number = errno();
  if (number !== ERRNO.EINTR) throw new SystemCallError(call, number);
}

/**
 * For calls that return the error instead of setting `errno` (`pthread_*`, `posix_spawn`).
 *
 * @throws {SystemCallError} unless `result` is 0
 */
export function checkReturned(call: string, result: number, detail = ""): void {
  if (result !== 0) throw new SystemCallError(call, result, detail);
}

/** True when `error` is a failed C call with one of the given error names. */
export function isErrno(error: unknown, ...names: ErrnoName[]): error is SystemCallError {
  return error instanceof SystemCallError && names.some((name) => ERRNO[name] === error.errno);
}
