/**
 * `sys/stat.h`: FIFOs and folders, whose a file is.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/mkfifo.3.html mkfifo(3)},
 * {@link https://man7.org/linux/man-pages/man2/statx.2.html statx(2)}
 * @module
 */
import { cString } from "./strings.ts";
import { check } from "./errno.ts";
import { openLate, openRare } from "./library.ts";
import { Struct } from "./memory.ts";

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const STATX_TYPE = 0x1;
const STATX_MODE = 0x2;
const STATX_UID = 0x8;
/** `struct statx` */
const STATX = { size: 256, stx_uid: 20, stx_mode: 28 };
const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;

const c = openLate({
  mkfifo: { parameters: ["buffer", "u32"], result: "i32" },
});

const rare = openRare({
  chmod: { parameters: ["buffer", "u32"], result: "i32" },
  fchmod: { parameters: ["i32", "u32"], result: "i32" },
  mkdir: { parameters: ["buffer", "u32"], result: "i32" },
  // int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *)
  statx: { parameters: ["i32", "buffer", "i32", "u32", "pointer"], result: "i32" },
});

/** @throws {SystemCallError} EACCES, EEXIST, ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, EROFS */
export function mkfifo(path: string, mode = 0o600): void {
  check("mkfifo", c.mkfifo(cString(path), mode), path);
}

/** @throws {SystemCallError} EACCES, EEXIST, ENOENT, ENOSPC, ENOTDIR, EROFS */
export function mkdir(path: string, mode = 0o700): void {
  check("mkdir", rare.mkdir(cString(path), mode), path);
}

/** @throws {SystemCallError} EACCES, ENOENT, EPERM, EROFS */
export function chmod(path: string, mode: number): void {
  check("chmod", rare.chmod(cString(path), mode), path);
}

/** @throws {SystemCallError} EBADF, EPERM, EROFS */
export function fchmod(fd: number, mode: number): void {
  check("fchmod", rare.fchmod(fd, mode));
}

/** Whose a file is, and who may do what with it. */
export interface Ownership {
  uid: number;
  /** The permission bits. */
  mode: number;
  isFolder: boolean;
}

/** Of what a path names itself, no link followed. @throws {SystemCallError} EACCES, ENOENT, ENOTDIR */
export function ownership(path: string): Ownership {
  return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
}

/** Of what a descriptor is open on. @throws {SystemCallError} EBADF */
export function ownershipOf(fd: number): Ownership {
  return statx(fd, "", AT_EMPTY_PATH);
}

function statx(fd: number, path: string, flags: number): Ownership {
  const mask = STATX_TYPE | STATX_MODE | STATX_UID;
  const status = new Struct(STATX.size);
  check("statx", rare.statx(fd, cString(path), flags, mask, status.pointer), path);
  const mode = status.view.getUint16(STATX.stx_mode, true);
  return {
    uid: status.u32(STATX.stx_uid),
    mode: mode & 0o7777,
    isFolder: (mode & S_IFMT) === S_IFDIR,
  };
}
