/**
 * `sys/stat.h`: FIFOs and folders.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/mkfifo.3.html mkfifo(3)}
 * @module
 */
import { cString } from "./strings.ts";
import { check } from "./errno.ts";
import { open } from "./library.ts";

const c = open({
  mkfifo: { parameters: ["buffer", "u32"], result: "i32" },
  chmod: { parameters: ["buffer", "u32"], result: "i32" },
  fchmod: { parameters: ["i32", "u32"], result: "i32" },
  mkdir: { parameters: ["buffer", "u32"], result: "i32" },
});

/** @throws {SystemCallError} EACCES, EEXIST, ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, EROFS */
export function mkfifo(path: string, mode = 0o600): void {
  check("mkfifo", c.mkfifo(cString(path), mode), path);
}

/** @throws {SystemCallError} EACCES, EEXIST, ENOENT, ENOSPC, ENOTDIR, EROFS */
export function mkdir(path: string, mode = 0o700): void {
  check("mkdir", c.mkdir(cString(path), mode), path);
}

/** @throws {SystemCallError} EACCES, ENOENT, EPERM, EROFS */
export function chmod(path: string, mode: number): void {
  check("chmod", c.chmod(cString(path), mode), path);
}

/** @throws {SystemCallError} EBADF, EPERM, EROFS */
export function fchmod(fd: number, mode: number): void {
  check("fchmod", c.fchmod(fd, mode));
}
