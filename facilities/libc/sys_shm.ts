/**
 * `sys/shm.h`: System V shared memory segments.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/shmget.2.html shmget(2)},
 * {@link https://man7.org/linux/man-pages/man2/shmop.2.html shmop(2)},
 * {@link https://man7.org/linux/man-pages/man2/shmctl.2.html shmctl(2)}
 * @module
 */
import { check, errno, SystemCallError } from "./errno.ts";
import { openLate } from "./library.ts";
import { Struct } from "./memory.ts";
import { IPC_PERM_UID, IPC_RMID, IPC_STAT, ownObject } from "./sys_ipc.ts";

/** `struct shmid_ds` */
const SHMID_DS = { size: 112, shm_segsz: 48, shm_nattch: 88 };

const c = openLate({
  // int shmget(key_t key, size_t size, int flags)
  shmget: { parameters: ["i32", "usize", "i32"], result: "i32" },
  // void *shmat(int id, const void *address, int flags); the address 0: the kernel chooses
  shmat: { parameters: ["i32", "usize", "i32"], result: "pointer" },
  shmdt: { parameters: ["pointer"], result: "i32" },
  shmctl: { parameters: ["i32", "i32", "pointer"], result: "i32" },
});

const FAILED = 0xffff_ffff_ffff_ffffn;

/**
 * The id of the segment with a key.
 *
 * @throws {SystemCallError} EACCES, EEXIST, EINVAL (size), ENOENT, ENOMEM, ENOSPC, ENOSYS
 */
export function shmget(key: number, size = 0, flags = 0): number {
  return check("shmget", c.shmget(key, BigInt(size), flags), `key ${key} of ${size} bytes`);
}

/** Maps a segment. @throws {SystemCallError} EACCES, EIDRM, EINVAL, ENOMEM */
export function shmat(id: number): Deno.PointerObject {
  const pointer = c.shmat(id, 0n, 0);
  if (pointer === null || Deno.UnsafePointer.value(pointer) === FAILED) {
    throw new SystemCallError("shmat", errno(), `segment ${id}`);
  }
  return pointer;
}

/** Unmaps a segment. @throws {SystemCallError} EINVAL */
export function shmdt(pointer: Deno.PointerObject): void {
  check("shmdt", c.shmdt(pointer));
}

/** What a segment is at the moment. */
export interface SegmentState {
  /** The user it belongs to. */
  uid: number;
  bytes: number;
  /** How often it is mapped. */
  attached: number;
}

/** @throws {SystemCallError} EACCES, EIDRM, EINVAL */
export function segmentState(id: number): SegmentState {
  const shmid = new Struct(SHMID_DS.size);
  check("shmctl", c.shmctl(id, IPC_STAT, shmid.pointer), "IPC_STAT");
  return {
    uid: shmid.u32(IPC_PERM_UID),
    bytes: shmid.i64(SHMID_DS.shm_segsz),
    attached: shmid.i64(SHMID_DS.shm_nattch),
  };
}

/**
 * Marks a segment for removal, which happens when nobody maps it any more.
 *
 * @throws {SystemCallError} EIDRM, EINVAL, EPERM
 */
export function removeSegment(id: number): void {
  check("shmctl", c.shmctl(id, IPC_RMID, null), "IPC_RMID");
}

/** Removes this user's segment with a key. @throws {SystemCallError} ENOENT */
export function removeSegmentOf(key: number): void {
  removeSegment(ownObject("shmget", key, shmget, (id) => segmentState(id).uid));
}
