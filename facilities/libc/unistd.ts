/**
 * `unistd.h`: descriptors, process ids, files.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/read.2.html read(2)},
 * {@link https://man7.org/linux/man-pages/man2/pipe.2.html pipe(2)}
 * @module
 */
import { cString, fromCString } from "./strings.ts";
import { ARCH } from "./arch.ts";
import { check, errno, SystemCallError } from "./errno.ts";
import { open, openLate, openRare } from "./library.ts";

const c = open({
  // long syscall(SYS_read, int fd, void *bytes, size_t count)
  // Counts are bounded by the buffers of this suite, so results are narrowed to i32.
  read: { name: "syscall", parameters: ["i64", "i32", "pointer", "usize"], result: "i32" },
  write: { name: "syscall", parameters: ["i64", "i32", "pointer", "usize"], result: "i32" },
  getppid: { parameters: [], result: "i32" },
});

const late = openLate({
  close: { parameters: ["i32"], result: "i32" },
  pipe2: { parameters: ["buffer", "i32"], result: "i32" },
  ftruncate: { parameters: ["i32", "i64"], result: "i32" },
  unlink: { parameters: ["buffer"], result: "i32" },
});

const rare = openRare({
  write_bytes: { name: "write", parameters: ["i32", "buffer", "usize"], result: "i32" },
  pread: { parameters: ["i32", "buffer", "usize", "i64"], result: "i32" },
  dup: { parameters: ["i32"], result: "i32" },
  dup3: { parameters: ["i32", "i32", "i32"], result: "i32" },
  access: { parameters: ["buffer", "i32"], result: "i32" },
  rmdir: { parameters: ["buffer"], result: "i32" },
  readlink: { parameters: ["buffer", "buffer", "usize"], result: "i32" },
  setsid: { parameters: [], result: "i32" },
  execv: { parameters: ["buffer", "buffer"], result: "i32" },
  getpid: { parameters: [], result: "i32" },
  gettid: { parameters: [], result: "i32" },
  getuid: { parameters: [], result: "u32" },
  geteuid: { parameters: [], result: "u32" },
  // int close_range(unsigned first, unsigned last, int flags): the C library has it only since 2021
  close_range: { name: "syscall", parameters: ["i64", "u32", "u32", "i32"], result: "i32" },
  getegid: { parameters: [], result: "u32" },
});

export const { getppid } = c;
export const { getpid, gettid, getuid, geteuid, getegid } = rare;

const { SYS_read, SYS_write } = ARCH;

/**
 * Called raw by the loops that move data; they check by count.
 *
 * The C library's own functions are points at which a thread may be cancelled. In a process with
 * threads, as a runtime has, they take and give back leave for that around the system call: 12 ns,
 * which a program with one thread does not pay. So these are made by `syscall`, like all that
 * loops wait in.
 */
export function read(fd: number, bytes: Deno.PointerValue, count: bigint): number {
  return c.read(SYS_read, fd, bytes, count);
}

/** The same, writing. */
export function write(fd: number, bytes: Deno.PointerValue, count: bigint): number {
  return c.write(SYS_write, fd, bytes, count);
}

/**
 * Becomes another program, with the same process id, descriptors and environment.
 *
 * @param args the first is the program's name for itself
 * @throws {SystemCallError} E2BIG, EACCES, ENOENT, ENOEXEC, ENOMEM
 */
export function execv(path: string, args: readonly string[]): never {
  const strings = args.map(cString);
  // A null pointer ends the list.
  const list = new BigUint64Array(strings.length + 1);
  for (const [at, string] of strings.entries()) {
    list[at] = Deno.UnsafePointer.value(Deno.UnsafePointer.of(string));
  }
  rare.execv(cString(path), list);
  // Naming the strings keeps them until here.
  throw new SystemCallError("execv", errno(), `${path} with ${strings.length} arguments`);
}

/** Begins a session without a terminal. @throws {SystemCallError} EPERM as a group's leader */
export function setsid(): void {
  check("setsid", rare.setsid());
}

/** @throws {SystemCallError} EBADF, EINTR, EIO */
export function close(fd: number): void {
  check("close", late.close(fd), `${fd}`);
}

const SYS_close_range = 436n;
const CLOSE_RANGE_UNSHARE = 2;
const NO_DESCRIPTOR = 0xffff_fff0;

/**
 * Gives the calling thread a descriptor table of its own, a copy; false where the kernel cannot.
 *
 * While threads share one, the kernel counts a reference to the open file in each call that takes a
 * descriptor: 55 ns of a one-byte `read` that takes 400. From here on, what this thread opens and
 * closes is its own business, and what it has inherited stays open in the other threads.
 * (`unshare(CLONE_FILES)` does the same, but the default policy of container runtimes forbids it.)
 */
export function unshareDescriptors(): boolean {
  return rare.close_range(SYS_close_range, NO_DESCRIPTOR, NO_DESCRIPTOR, CLOSE_RANGE_UNSHARE) === 0;
}

/** Reads from a place in a file; 0 at its end. @throws {SystemCallError} EBADF, EINTR, EIO, ESPIPE */
export function pread(fd: number, bytes: Uint8Array<ArrayBuffer>, offset: number): number {
  return check("pread", rare.pread(fd, bytes, BigInt(bytes.length), BigInt(offset)), `${fd}`);
}

/** Writes all of `bytes` outside of hot loops. @throws {SystemCallError} EBADF, EIO, ENOSPC, EPIPE */
export function writeAll(fd: number, bytes: Uint8Array<ArrayBuffer>): void {
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.subarray(at);
    at += check("write", rare.write_bytes(fd, rest, BigInt(rest.length)), `${fd}`);
  }
}

/** @throws {SystemCallError} EBADF, EMFILE */
export function dup(fd: number): number {
  return check("dup", rare.dup(fd));
}

/** Makes `to` another number of `from`, closing what it was. @throws {SystemCallError} EBADF */
export function dup3(from: number, to: number, flags = 0): void {
  check("dup3", rare.dup3(from, to, flags), `${from} to ${to}`);
}

/**
 * Makes a pipe: the end to read from, the end to write to.
 *
 * @throws {SystemCallError} EINVAL, EMFILE, ENFILE
 */
export function pipe2(flags = 0): [readEnd: number, writeEnd: number] {
  const ends = new Int32Array(2);
  check("pipe2", late.pipe2(ends, flags));
  return [ends[0]!, ends[1]!];
}

/** @throws {SystemCallError} EACCES, EINVAL, EIO, EPERM */
export function ftruncate(fd: number, length: number): void {
  check("ftruncate", late.ftruncate(fd, BigInt(length)), `to ${length} bytes`);
}

const W_OK = 2;
const X_OK = 1;

/** Whether this user may make files in a folder, as far as its permissions and mount tell. */
export function mayWriteInto(folder: string): boolean {
  return rare.access(cString(folder), W_OK | X_OK) === 0;
}

/** @throws {SystemCallError} EACCES, EBUSY, EISDIR, ENOENT, EPERM, EROFS */
export function unlink(path: string): void {
  check("unlink", late.unlink(cString(path)), path);
}

/** @throws {SystemCallError} EACCES, EBUSY, ENOENT, ENOTEMPTY */
export function rmdir(path: string): void {
  check("rmdir", rare.rmdir(cString(path)), path);
}

/** What a symbolic link points to. @throws {SystemCallError} EACCES, EINVAL, ENOENT */
export function readlink(path: string): string {
  const target = new Uint8Array(4096);
  const count = check("readlink", rare.readlink(cString(path), target, 4096n), path);
  return fromCString(target.subarray(0, count));
}
