/**
 * `sys/msg.h`: System V message queues.
 *
 * A message begins with its type, a positive `long`, so that the text starts 8 bytes into the
 * buffer; lengths do not count the type.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/msgop.2.html msgop(2)},
 * {@link https://man7.org/linux/man-pages/man2/msgget.2.html msgget(2)},
 * {@link https://man7.org/linux/man-pages/man2/msgctl.2.html msgctl(2)}
 * @module
 */
import { ARCH } from "./arch.ts";
import { check } from "./errno.ts";
import { open, openLate } from "./library.ts";
import { Struct } from "./memory.ts";
import { IPC_PERM_UID, IPC_RMID, IPC_STAT, ownObject } from "./sys_ipc.ts";

/** `struct msqid_ds` */
const MSQID_DS = { size: 120, msg_qnum: 80, msg_qbytes: 88 };

const c = open({
  // long syscall(SYS_msgsnd, int id, const void *message, size_t length, int flags)
  msgsnd: { name: "syscall", parameters: ["i64", "i32", "pointer", "usize", "i32"], result: "i32" },
  // long syscall(SYS_msgrcv, int id, void *message, size_t capacity, long type, int flags)
  msgrcv: {
    name: "syscall",
    parameters: ["i64", "i32", "pointer", "usize", "i64", "i32"],
    result: "i32",
  },
});

const late = openLate({
  msgget: { parameters: ["i32", "i32"], result: "i32" },
  msgctl: { parameters: ["i32", "i32", "pointer"], result: "i32" },
});

const { SYS_msgsnd, SYS_msgrcv } = ARCH;

/** Called raw by the loops that move data, which check by count; by `syscall` as `read` is. */
export function msgsnd(
  id: number,
  message: Deno.PointerValue,
  length: bigint,
  flags: number,
): number {
  return c.msgsnd(SYS_msgsnd, id, message, length, flags);
}

/** The same, receiving a message of a type. */
export function msgrcv(
  id: number,
  message: Deno.PointerValue,
  capacity: bigint,
  type: bigint,
  flags: number,
): number {
  return c.msgrcv(SYS_msgrcv, id, message, capacity, type, flags);
}

/** Cuts a message that is longer than the room for it, where msgrcv else refuses with E2BIG. */
export const MSG_NOERROR = 0o10000;

/** Bytes before the text of a message. */
export const TYPE_BYTES = 8;

/** The id of the queue with a key. @throws {SystemCallError} EACCES, EEXIST, ENOENT, ENOSPC, ENOSYS */
export function msgget(key: number, flags = 0): number {
  return check("msgget", late.msgget(key, flags), `key ${key}`);
}

/** What a queue holds and may hold. */
export interface QueueState {
  /** The user it belongs to. */
  uid: number;
  messages: number;
  /** The most bytes of text it holds (`msg_qbytes`). */
  capacityBytes: number;
}

/** @throws {SystemCallError} EACCES, EIDRM, EINVAL */
export function messageQueueState(id: number): QueueState {
  const msqid = new Struct(MSQID_DS.size);
  check("msgctl", late.msgctl(id, IPC_STAT, msqid.pointer), "IPC_STAT");
  return {
    uid: msqid.u32(IPC_PERM_UID),
    messages: msqid.i64(MSQID_DS.msg_qnum),
    capacityBytes: msqid.i64(MSQID_DS.msg_qbytes),
  };
}

/** @throws {SystemCallError} EIDRM, EINVAL, EPERM */
export function removeMessageQueue(id: number): void {
  check("msgctl", late.msgctl(id, IPC_RMID, null), "IPC_RMID");
}

/** Removes this user's queue with a key. @throws {SystemCallError} ENOENT */
export function removeMessageQueueOf(key: number): void {
  removeMessageQueue(ownObject("msgget", key, msgget, (id) => messageQueueState(id).uid));
}
