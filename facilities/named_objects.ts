/**
 * The kernel objects that have a name of their own: whether one is this user's, and removing it.
 *
 * @module
 */
import { isErrno } from "./libc/errno.ts";
import { O_CLOEXEC, O_RDONLY } from "./libc/fcntl.ts";
import { mqClose, mqOpen, mqUnlink } from "./libc/mqueue.ts";
import { semUnlink } from "./libc/semaphore.ts";
import { shmUnlink } from "./libc/sys_mman.ts";
import { messageQueueState, msgget, removeMessageQueueOf } from "./libc/sys_msg.ts";
import { removeSemaphoresOf, semget, semOwner } from "./libc/sys_sem.ts";
import { removeSegmentOf, segmentState, shmget } from "./libc/sys_shm.ts";
import { ownership, ownershipOf } from "./libc/sys_stat.ts";
import { geteuid } from "./libc/unistd.ts";

/** What is done with one kind of object. */
interface Kind {
  /** Whether the suite could have given that name. */
  readonly pattern: RegExp;
  /** The user it belongs to. Fails with ENOENT where there is none, EACCES where it is a stranger's. */
  ownerOf(name: string): number;
  remove(name: string): void;
}

/** `/ipc-taxonomy-`, the run's name where there is one, and random digits. */
const POSIX_NAME = /^\/ipc-taxonomy(-[\w.-]+)?-[0-9a-f]{24}$/;
const KEY = /^-?[1-9]\d{0,9}$/;

/** The kinds, under the words by which a journal calls them. */
const KINDS = {
  shm: {
    pattern: POSIX_NAME,
    ownerOf: (name) => ownership(`/dev/shm${name}`).uid,
    remove: shmUnlink,
  },
  sem: {
    pattern: POSIX_NAME,
    ownerOf: (name) => ownership(`/dev/shm/sem.${name.slice(1)}`).uid,
    remove: semUnlink,
  },
  mq: { pattern: POSIX_NAME, ownerOf: ownerOfQueue, remove: mqUnlink },
  msg: {
    pattern: KEY,
    ownerOf: (key) => messageQueueState(msgget(Number(key))).uid,
    remove: (key) => removeMessageQueueOf(Number(key)),
  },
  "sysv-sem": {
    pattern: KEY,
    ownerOf: (key) => semOwner(semget(Number(key), 0, 0)).uid,
    remove: (key) => removeSemaphoresOf(Number(key)),
  },
  "sysv-shm": {
    pattern: KEY,
    ownerOf: (key) => segmentState(shmget(Number(key))).uid,
    remove: (key) => removeSegmentOf(Number(key)),
  },
} as const satisfies Record<string, Kind>;

export type PosixKind = "shm" | "mq" | "sem";
export type SystemVKind = "msg" | "sysv-sem" | "sysv-shm";
export type ObjectKind = PosixKind | SystemVKind;

/** An object by its kind and name; a System V key is written in decimal. */
export interface NamedObject {
  readonly kind: ObjectKind;
  readonly name: string;
}

/** On Linux a message queue descriptor is a file descriptor. */
function ownerOfQueue(name: string): number {
  const queue = mqOpen(name, O_RDONLY | O_CLOEXEC);
  try {
    return ownershipOf(queue).uid;
  } finally {
    mqClose(queue);
  }
}

/** The object that a line such as `shm /ipc-taxonomy-...` names, or null. */
export function parseObject(line: string): NamedObject | null {
  const [kind = "", name = "", ...more] = line.split(" ");
  if (!Object.hasOwn(KINDS, kind) || more.length > 0) return null;
  return KINDS[kind as ObjectKind].pattern.test(name) ? { kind: kind as ObjectKind, name } : null;
}

/** Whether there is such an object and this user owns it. */
export function isOwn({ kind, name }: NamedObject): boolean {
  return owner(kind, name) === geteuid();
}

/**
 * Removes this user's object; false where this user has none of that name.
 *
 * @throws {SystemCallError} EPERM
 */
export function removeObject(object: NamedObject): boolean {
  if (!isOwn(object)) return false;
  try {
    KINDS[object.kind].remove(object.name);
    return true;
  } catch (error) {
    if (isErrno(error, ...GONE)) return false;
    throw error;
  }
}

const GONE = ["ENOENT", "EIDRM", "EINVAL"] as const;

/** The user id of the owner; -1 where that is a stranger's secret, null where there is no object. */
function owner(kind: ObjectKind, name: string): number | null {
  try {
    return KINDS[kind].ownerOf(name);
  } catch (error) {
    if (isErrno(error, "EACCES")) return -1;
    if (isErrno(error, ...GONE, "ENOSYS")) return null;
    throw error;
  }
}
