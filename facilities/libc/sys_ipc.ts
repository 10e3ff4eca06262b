/**
 * `sys/ipc.h`: what System V message queues, semaphores and shared memory have in common.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/sysvipc.7.html sysvipc(7)}
 * @module
 */
import { check, ERRNO, isErrno, SystemCallError } from "./errno.ts";
import { openRare } from "./library.ts";
import { cString } from "./strings.ts";
import { geteuid } from "./unistd.ts";

export const IPC_CREAT = 0o1000;
export const IPC_EXCL = 0o2000;
export const IPC_NOWAIT = 0o4000;
export const IPC_RMID = 0;
export const IPC_STAT = 2;

/** Byte offsets of owner and creator in the `struct ipc_perm` that each kind's `*_ds` begins with. */
export const IPC_PERM_UID = 4;
export const IPC_PERM_CUID = 12;

/**
 * Finds the object with a key, which must be this user's: a stranger's object may have got the same
 * key since.
 *
 * @param get returns the id of the object with that key
 * @param ownerOf returns the user id that an object belongs to
 * @throws {SystemCallError} ENOENT where this user has no such object
 */
export function ownObject(
  call: string,
  key: number,
  get: (key: number) => number,
  ownerOf: (id: number) => number,
): number {
  const id = get(key);
  try {
    if (ownerOf(id) === geteuid()) return id;
  } catch (error) {
    if (!isErrno(error, "EACCES")) throw error;
  }
  throw new SystemCallError(call, ERRNO.ENOENT, `key ${key} of this user`);
}

/**
 * Whether there is an object that `get` finds, whoever it belongs to.
 *
 * @throws {SystemCallError} ENOSYS
 */
export function isTaken(get: () => unknown): boolean {
  try {
    get();
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    if (isErrno(error, "EACCES")) return true;
    throw error;
  }
}

const c = openRare({
  // key_t ftok(const char *path, int id)
  ftok: { parameters: ["buffer", "i32"], result: "i32" },
});

/**
 * A key out of a file's device and inode and the low 8 bits of `id`; other inputs may give the same.
 *
 * @throws {SystemCallError} EACCES, ENOENT
 * @see {@link https://man7.org/linux/man-pages/man3/ftok.3.html ftok(3)}
 */
export function ftok(path: string, id: number): number {
  return check("ftok", c.ftok(cString(path), id), path);
}
