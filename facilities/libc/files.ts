/**
 * Reading and listing files through libc: `/proc`, `/sys` and `/dev` are closed to Deno's own file
 * calls unless everything is allowed.
 *
 * @module
 */
import { ARCH } from "./arch.ts";
import { check, SystemCallError } from "./errno.ts";
import { O_CLOEXEC, O_DIRECTORY, O_RDONLY, O_WRONLY, open as openFile } from "./fcntl.ts";
import { openRare } from "./library.ts";
import { Struct } from "./memory.ts";
import { fromCString } from "./strings.ts";
import { close, pread, read, write } from "./unistd.ts";

/** `struct dirent64` */
const DIRENT64 = { d_reclen: 16, d_name: 19 };

const c = openRare({
  getdents64: {
    name: "syscall",
    parameters: ["i64", "i32", "pointer", "usize"],
    result: "i32",
  },
});

/**
 * The whole text of a file.
 *
 * @throws {SystemCallError} EACCES, EINVAL, EIO, ENOENT, EPERM
 */
export function readText(path: string): string {
  const fd = openFile(path, O_RDONLY | O_CLOEXEC);
  try {
    const chunk = new Struct(16_384);
    const parts: Uint8Array[] = [];
    for (;;) {
      const count = check("read", read(fd, chunk.pointer, 16_384n), path);
      if (count === 0) break;
      parts.push(chunk.bytes.slice(0, count));
    }
    return new TextDecoder().decode(concat(parts));
  } finally {
    close(fd);
  }
}

/** The whole text of an open file, wherever its offset is. @throws {SystemCallError} EBADF, EIO */
export function readTextOf(fd: number): string {
  const chunk = new Uint8Array(1 << 16);
  const parts: Uint8Array[] = [];
  for (let at = 0;;) {
    const count = pread(fd, chunk, at);
    if (count === 0) return new TextDecoder().decode(concat(parts));
    parts.push(chunk.slice(0, count));
    at += count;
  }
}

/**
 * Writes a text in one go into a file that is there, as the kernel's control files want it.
 *
 * @throws {SystemCallError} EACCES, EBUSY, EINVAL, ENOENT, EPERM, EROFS
 */
export function writeText(path: string, text: string): void {
  const fd = openFile(path, O_WRONLY | O_CLOEXEC);
  try {
    const content = new Struct(new TextEncoder().encode(text));
    check("write", write(fd, content.pointer, BigInt(content.bytes.length)), path);
  } finally {
    close(fd);
  }
}

/** The file's text without white space at its ends, or null where it cannot be read. */
export function tryReadText(path: string): string | null {
  try {
    return readText(path).trim();
  } catch (error) {
    if (error instanceof SystemCallError) return null;
    throw error;
  }
}

/** The number a file holds, or null. */
export function tryReadNumber(path: string): number | null {
  const text = tryReadText(path);
  if (text === null || text === "") return null;
  const number = Number(text.split(/\s/, 1)[0]);
  return Number.isFinite(number) ? number : null;
}

/**
 * The names in a folder, without `.` and `..`, sorted.
 *
 * @throws {SystemCallError} EACCES, ENOENT, ENOTDIR
 * @see {@link https://man7.org/linux/man-pages/man2/getdents.2.html getdents64(2)}
 */
export function listFolder(path: string): string[] {
  const fd = openFile(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const names: string[] = [];
  try {
    const chunk = new Struct(32_768);
    for (;;) {
      const count = check(
        "getdents64",
        c.getdents64(ARCH.SYS_getdents64, fd, chunk.pointer, 32_768n),
        path,
      );
      if (count === 0) break;
      for (let at = 0; at < count;) {
        const length = chunk.view.getUint16(at + DIRENT64.d_reclen, true);
        const name = fromCString(chunk.bytes.subarray(at + DIRENT64.d_name, at + length));
        if (name !== "." && name !== "..") names.push(name);
        at += length;
      }
    }
  } finally {
    close(fd);
  }
  return names.sort();
}

/** The names in a folder, or none where it cannot be read. */
export function tryListFolder(path: string): string[] {
  try {
    return listFolder(path);
  } catch {
    return [];
  }
}

/**
 * The type of the file system that an open file lies on, such as `ext4`; `unknown` where `/proc`
 * does not tell.
 *
 * @see {@link https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html proc_pid_mountinfo(5)}
 */
export function fileSystemOf(fd: number): string {
  const mount = /^mnt_id:\s*(\d+)/m.exec(tryReadText(`/proc/self/fdinfo/${fd}`) ?? "")?.[1];
  const line = tryReadText("/proc/self/mountinfo")?.split("\n")
    .find((each) => mount !== undefined && each.startsWith(`${mount} `));
  return line?.split(" - ")[1]?.split(" ")[0] ?? "unknown";
}

function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
