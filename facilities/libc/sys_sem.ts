/**
 * `sys/sem.h`: System V semaphores, which come in sets.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/semop.2.html semop(2)},
 * {@link https://man7.org/linux/man-pages/man2/semctl.2.html semctl(2)}
 * @module
 */
import { ARCH } from "./arch.ts";
import { check } from "./errno.ts";
import { open, openLate } from "./library.ts";
import { Struct } from "./memory.ts";
import { IPC_PERM_CUID, IPC_PERM_UID, IPC_RMID, IPC_STAT, ownObject } from "./sys_ipc.ts";

// As the C header does.
export { IPC_CREAT, IPC_EXCL, IPC_NOWAIT } from "./sys_ipc.ts";
export const SEM_UNDO = 0x1000;
export const GETVAL = 12;
export const SETVAL = 16;

/** `struct sembuf` */
const SEMBUF = { size: 6, sem_num: 0, sem_op: 2, sem_flg: 4 };

const c = open({
  // int semop(int semid, struct sembuf *sops, size_t nsops)
  semop: { parameters: ["i32", "pointer", "usize"], result: "i32" },
  semtimedop: { parameters: ["i32", "pointer", "usize", "pointer"], result: "i32" },
});

const late = openLate({
  semget: { parameters: ["i32", "i32", "i32"], result: "i32" },
  // int semctl(int semid, int semnum, int cmd, union semun), variadic in C
  semctl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  semctl_value: { name: "semctl", parameters: ["i32", "i32", "i32", "u64"], result: "i32" },
  semctl_pointer: { name: "semctl", parameters: ["i32", "i32", "i32", "pointer"], result: "i32" },
});

/** Called raw by the loops that post and wait; they check the result. */
export const { semop, semtimedop } = c;

/** One operation on semaphore `number` of a set, as `semop` takes it. */
export function semaphoreOperation(number: number, change: number, flags = 0): Struct {
  const operation = new Struct(SEMBUF.size);
  operation.view.setUint16(SEMBUF.sem_num, number, true);
  operation.view.setInt16(SEMBUF.sem_op, change, true);
  operation.view.setInt16(SEMBUF.sem_flg, flags, true);
  return operation;
}

/**
 * The id of the set with that key; with `IPC_CREAT | IPC_EXCL` a new set of `count` semaphores.
 *
 * @throws {SystemCallError} EACCES, EEXIST, EINVAL, ENOENT, ENOMEM, ENOSPC, ENOSYS
 */
export function semget(key: number, count: number, flags: number): number {
  return check("semget", late.semget(key, count, flags));
}

/** Sets one semaphore, and forgets what would be undone. @throws {SystemCallError} ERANGE, EINVAL */
export function semSetValue(id: number, number: number, value: number): void {
  check("semctl", late.semctl_value(id, number, SETVAL, BigInt(value)), "SETVAL");
}

/** The value of one semaphore. @throws {SystemCallError} EACCES, EIDRM, EINVAL */
export function semValue(id: number, number: number): number {
  return check("semctl", late.semctl(id, number, GETVAL), "GETVAL");
}

/** Who owns a set and who made it. @throws {SystemCallError} EACCES, EIDRM, EINVAL */
export function semOwner(id: number): { uid: number; creator: number } {
  const set = new Struct(ARCH.SIZEOF_SEMID_DS);
  check("semctl", late.semctl_pointer(id, 0, IPC_STAT, set.pointer), "IPC_STAT");
  return { uid: set.u32(IPC_PERM_UID), creator: set.u32(IPC_PERM_CUID) };
}

/** Removes a set; who sleeps on it gets EIDRM. @throws {SystemCallError} EIDRM, EINVAL, EPERM */
export function semRemove(id: number): void {
  check("semctl", late.semctl(id, 0, IPC_RMID), "IPC_RMID");
}

/** Removes this user's set with a key. @throws {SystemCallError} ENOENT */
export function removeSemaphoresOf(key: number): void {
  semRemove(ownObject("semget", key, (key) => semget(key, 0, 0), (id) => semOwner(id).uid));
}
