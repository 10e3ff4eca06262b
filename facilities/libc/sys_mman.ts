/**
 * `sys/mman.h`: mapping memory, POSIX shared memory objects, memfd.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/mmap.2.html mmap(2)},
 * {@link https://man7.org/linux/man-pages/man3/shm_open.3.html shm_open(3)},
 * {@link https://man7.org/linux/man-pages/man2/memfd_create.2.html memfd_create(2)}
 * @module
 */
import { cString } from "./strings.ts";
import { check, errno, SystemCallError } from "./errno.ts";
import { openLate, openRare } from "./library.ts";

export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const MAP_SHARED = 0x01;
export const MAP_PRIVATE = 0x02;
export const MAP_ANONYMOUS = 0x20;
export const MAP_POPULATE = 0x8000;
export const MFD_CLOEXEC = 1;
export const MCL_CURRENT = 1;
export const MCL_FUTURE = 2;

const c = openLate({
  mmap: {
    parameters: [
      "usize", // void *addr (always 0 here: the kernel chooses)
      "usize", // size_t length
      "i32", // int prot
      "i32", // int flags
      "i32", // int fd
      "i64", // off_t offset
    ],
    result: "pointer",
  },
  munmap: { parameters: ["pointer", "usize"], result: "i32" },
  shm_open: { parameters: ["buffer", "i32", "u32"], result: "i32" },
  shm_unlink: { parameters: ["buffer"], result: "i32" },
  memfd_create: { parameters: ["buffer", "u32"], result: "i32" },
});

const rare = openRare({
  // void *mremap(void *old, size_t old_length, size_t length, int flags), variadic in C
  mremap: { parameters: ["usize", "usize", "usize", "i32"], result: "pointer" },
  mlock: { parameters: ["pointer", "usize"], result: "i32" },
  mlockall: { parameters: ["i32"], result: "i32" },
});

const MREMAP_MAYMOVE = 1;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

/**
 * Maps `length` bytes of descriptor `fd` (or anonymous memory with -1).
 *
 * @throws {SystemCallError} EACCES, EAGAIN, EBADF, EINVAL, ENODEV, ENOMEM, EPERM
 */
export function mmap(
  length: number,
  fd = -1,
  flags = MAP_SHARED | (fd === -1 ? MAP_ANONYMOUS : 0) | MAP_POPULATE,
): Deno.PointerObject {
  const pointer = c.mmap(0n, BigInt(length), PROT_READ | PROT_WRITE, flags, fd, 0n);
  if (pointer === null || Deno.UnsafePointer.value(pointer) === MAP_FAILED) {
    throw new SystemCallError("mmap", errno(), `of ${length} bytes`);
  }
  return pointer;
}

/**
 * Maps the same pages a second time, at another address: `mremap` of a shared mapping with the old
 * length 0.
 *
 * @throws {SystemCallError} EFAULT, EINVAL, ENOMEM
 * @see {@link https://man7.org/linux/man-pages/man2/mremap.2.html mremap(2)}
 */
export function mapAgain(address: number, length: number): Deno.PointerObject {
  const pointer = rare.mremap(BigInt(address), 0n, BigInt(length), MREMAP_MAYMOVE);
  if (pointer === null || Deno.UnsafePointer.value(pointer) === MAP_FAILED) {
    throw new SystemCallError("mremap", errno(), `of ${length} bytes`);
  }
  return pointer;
}

/** @throws {SystemCallError} EINVAL */
export function munmap(pointer: Deno.PointerObject, length: number): void {
  check("munmap", c.munmap(pointer, BigInt(length)));
}

/** Locks all pages of the process into memory; false where `RLIMIT_MEMLOCK` forbids it. */
export function lockAllPages(): boolean {
  return rare.mlockall(MCL_CURRENT | MCL_FUTURE) === 0;
}

/** Locks a mapping's pages into memory; false where `RLIMIT_MEMLOCK` forbids it. */
export function lockPages(pointer: Deno.PointerObject, length: number): boolean {
  return rare.mlock(pointer, BigInt(length)) === 0;
}

/** @throws {SystemCallError} EACCES, EEXIST, EINVAL, EMFILE, ENAMETOOLONG, ENFILE, ENOENT */
export function shmOpen(name: string, flags: number, mode = 0o600): number {
  return check("shm_open", c.shm_open(cString(name), flags, mode), name);
}

/** @throws {SystemCallError} EACCES, ENOENT */
export function shmUnlink(name: string): void {
  check("shm_unlink", c.shm_unlink(cString(name)), name);
}

/**
 * Creates an anonymous file in memory; inherited by children unless `MFD_CLOEXEC` is given.
 *
 * @throws {SystemCallError} EINVAL, EMFILE, ENFILE, ENOMEM
 */
export function memfdCreate(name: string, flags = 0): number {
  return check("memfd_create", c.memfd_create(cString(name), flags), name);
}
