/**
 * `sys/statvfs.h`: how large a file system is and what of it is free.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/statvfs.3.html statvfs(3)}
 * @module
 */
import { check } from "./errno.ts";
import { openRare } from "./library.ts";
import { Struct } from "./memory.ts";
import { cString } from "./strings.ts";

/** `struct statvfs` */
const STATVFS = { size: 112, f_frsize: 8, f_blocks: 16, f_bavail: 32 };

const c = openRare({
  statvfs: { parameters: ["buffer", "pointer"], result: "i32" },
});

/**
 * Bytes of the file system that holds `path`: in all, and free to an unprivileged user.
 *
 * @throws {SystemCallError} EACCES, ENOENT, ENOTDIR
 */
export function fileSystemSpace(path: string): { totalBytes: number; freeBytes: number } {
  const space = new Struct(STATVFS.size);
  check("statvfs", c.statvfs(cString(path), space.pointer), path);
  const blockBytes = space.i64(STATVFS.f_frsize);
  return {
    totalBytes: blockBytes * space.i64(STATVFS.f_blocks),
    freeBytes: blockBytes * space.i64(STATVFS.f_bavail),
  };
}
