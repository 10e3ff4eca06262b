/**
 * `fcntl.h`: opening files and what can be asked of a descriptor.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/open.2.html open(2)},
 * {@link https://man7.org/linux/man-pages/man2/fcntl.2.html fcntl(2)}
 * @module
 */
import { cString } from "./strings.ts";
import { ARCH } from "./arch.ts";
import { check, checkReturned } from "./errno.ts";
import { openLate, openRare } from "./library.ts";
import { Struct } from "./memory.ts";

export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_NOCTTY = 0o400;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
export const O_NONBLOCK = 0o4000;
export const O_CLOEXEC = 0o2000000;
export const { O_NOFOLLOW, O_DIRECTORY } = ARCH;

export const F_GETFD = 1;
export const F_SETFD = 2;
export const F_GETFL = 3;
export const F_SETFL = 4;
export const F_DUPFD_CLOEXEC = 1030;
export const F_SETPIPE_SZ = 1031;
export const F_GETPIPE_SZ = 1032;
export const FD_CLOEXEC = 1;

/** Record locks, which belong to the process, and open file description locks. */
export const F_SETLK = 6;
export const F_SETLKW = 7;
export const F_OFD_SETLK = 37;
export const F_OFD_SETLKW = 38;
export const F_RDLCK = 0;
export const F_WRLCK = 1;
export const F_UNLCK = 2;

/** `struct flock` */
const FLOCK = { size: 32, l_type: 0, l_start: 8, l_len: 16 };
/** `struct iovec` */
const IOVEC = { size: 16, iov_base: 0, iov_len: 8 };

const c = openLate({
  // int open(const char *path, int flags, mode_t mode), variadic in C
  open: { parameters: ["buffer", "i32", "u32"], result: "i32" },
  // int fcntl(int fd, int cmd, int argument), variadic in C
  fcntl_int: { name: "fcntl", parameters: ["i32", "i32", "i32"], result: "i32" },
});

const locking = openLate({
  // long syscall(SYS_fcntl, int fd, int cmd, struct flock *lock)
  fcntl_flock: { name: "syscall", parameters: ["i64", "i32", "i32", "pointer"], result: "i32" },
});

const rare = openRare({
  posix_fallocate: { parameters: ["i32", "i64", "i64"], result: "i32" },
  // ssize_t vmsplice(int fd, const struct iovec *iov, size_t count, unsigned int flags)
  vmsplice: { parameters: ["i32", "pointer", "usize", "u32"], result: "i32" },
});

const { SYS_fcntl } = ARCH;

/** Called raw by the loops that lock: `fcntl` with a `struct flock`; by `syscall` as `read` is. */
export function fcntl_flock(fd: number, command: number, lock: Deno.PointerValue): number {
  return locking.fcntl_flock(SYS_fcntl, fd, command, lock);
}

/** A `struct flock` for `length` bytes from `start` of the file; `l_pid` stays 0. */
export function flockRange(type: number, start: number, length: number): Struct {
  const range = new Struct(FLOCK.size).setI64(FLOCK.l_start, start).setI64(FLOCK.l_len, length);
  range.view.setInt16(FLOCK.l_type, type, true);
  return range;
}

/** @throws {SystemCallError} EACCES, EEXIST, EISDIR, ELOOP, EMFILE, ENFILE, ENOENT, ENXIO, EROFS */
export function open(path: string, flags: number, mode = 0o600): number {
  return check("open", c.open(cString(path), flags, mode), path);
}

/**
 * Puts the pages of the memory into a pipe, not a copy of them; returns how many bytes.
 *
 * @throws {SystemCallError} EAGAIN, EBADF where it is no pipe, EINVAL, ENOMEM
 * @see {@link https://man7.org/linux/man-pages/man2/vmsplice.2.html vmsplice(2)}
 */
export function vmsplice(fd: number, pointer: Deno.PointerObject, length: number): number {
  const vector = new Struct(IOVEC.size).setI64(IOVEC.iov_len, length);
  vector.view.setBigUint64(IOVEC.iov_base, Deno.UnsafePointer.value(pointer), true);
  return check("vmsplice", rare.vmsplice(fd, vector.pointer, 1n, 0), `${length} bytes`);
}

/** @throws {SystemCallError} EACCES, EBADF, EBUSY, EINVAL, EPERM */
export function fcntl(fd: number, command: number, argument = 0): number {
  return check("fcntl", c.fcntl_int(fd, command, argument));
}

/** Sets or clears `O_NONBLOCK`. @throws {SystemCallError} EBADF */
export function setNonBlocking(fd: number, on: boolean): void {
  const flags = fcntl(fd, F_GETFL);
  fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

/** Keeps a descriptor from being inherited. @throws {SystemCallError} EBADF */
export function setCloseOnExec(fd: number): void {
  fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/**
 * Gives a file its size and the memory or disk blocks behind it, so that a write through a mapping
 * cannot meet a full file system, which would be a SIGBUS.
 *
 * @throws {SystemCallError} EBADF, EFBIG, EINVAL, ENODEV, ENOSPC
 */
export function allocateFile(fd: number, length: number): void {
  checkReturned(
    "posix_fallocate",
    rare.posix_fallocate(fd, 0n, BigInt(length)),
    `of ${length} bytes`,
  );
}
