/**
 * C calls by name with plain arguments, so that a row of a test can be done by this user or, in a
 * thread of its own, by `nobody`.
 *
 * @module
 */
import { check, SystemCallError } from "../../facilities/libc/errno.ts";
import {
  allocateFile,
  fcntl_flock,
  flockRange,
  O_CLOEXEC,
  O_NOFOLLOW,
  open,
} from "../../facilities/libc/fcntl.ts";
import { becomeUser, NOBODY } from "../../facilities/libc/linux_credentials.ts";
import { Memory, Struct } from "../../facilities/libc/memory.ts";
import { mq_receive, mq_send, mqClose, mqOpen, mqUnlink } from "../../facilities/libc/mqueue.ts";
import {
  sem_post,
  sem_trywait,
  semClose,
  semInit,
  semOpen,
  semUnlink,
} from "../../facilities/libc/semaphore.ts";
import { kill, sigqueue } from "../../facilities/libc/signal.ts";
import { grantpt, posixOpenpt, ptsname, unlockpt } from "../../facilities/libc/stdlib.ts";
import { eventfd } from "../../facilities/libc/sys_eventfd.ts";
import { flock } from "../../facilities/libc/sys_file.ts";
import { memfdCreate, shmOpen, shmUnlink } from "../../facilities/libc/sys_mman.ts";
import {
  messageQueueState,
  msgget,
  msgrcv,
  msgsnd,
  removeMessageQueue,
} from "../../facilities/libc/sys_msg.ts";
import {
  removeSegment,
  segmentState,
  shmat,
  shmdt,
  shmget,
} from "../../facilities/libc/sys_shm.ts";
import {
  IPC_NOWAIT,
  semaphoreOperation,
  semget,
  semop,
  semRemove,
  semSetValue,
  semtimedop,
} from "../../facilities/libc/sys_sem.ts";
import {
  bind,
  connect,
  inetAddress,
  listen,
  MSG_DONTWAIT,
  peerCredentials,
  recv,
  send,
  setSocketOption,
  socket,
  unixAddress,
} from "../../facilities/libc/sys_socket.ts";
import { mkfifo } from "../../facilities/libc/sys_stat.ts";
import { localModes, setRaw } from "../../facilities/libc/termios.ts";
import { timespecOf } from "../../facilities/libc/time.ts";
import { close, read, write } from "../../facilities/libc/unistd.ts";

/** Does something with a semaphore in memory, which starts at `value`. */
function withSemaphore(value: number, act: (semaphore: Deno.PointerObject) => void): void {
  using memory = Memory.allocate(4096);
  semInit(memory.pointer, value);
  act(memory.pointer);
}

export const CALLS = {
  semget: (key: number, count: number, flags: number) => semget(key, count, flags),
  semctl_SETVAL: (id: number, number: number, value: number) => semSetValue(id, number, value),
  semctl_IPC_RMID: (id: number) => semRemove(id),
  semop(id: number, number: number, change: number) {
    check("semop", semop(id, semaphoreOperation(number, change, IPC_NOWAIT).pointer, 1n));
  },
  semtimedop(id: number, number: number, change: number, milliseconds: number) {
    const operation = semaphoreOperation(number, change);
    const timeout = timespecOf(milliseconds);
    check("semtimedop", semtimedop(id, operation.pointer, 1n, timeout.pointer));
  },

  msgget: (key: number, flags: number) => msgget(key, flags),
  msgsnd(id: number, type: number, length: number) {
    using message = Memory.allocate(8 + length);
    new DataView(message.buffer).setBigInt64(0, BigInt(type), true);
    check("msgsnd", msgsnd(id, message.pointer, BigInt(length), IPC_NOWAIT));
  },
  msgrcv(id: number, capacity: number, type: number) {
    using message = Memory.allocate(8 + capacity);
    check("msgrcv", msgrcv(id, message.pointer, BigInt(capacity), BigInt(type), IPC_NOWAIT));
  },
  msgctl_IPC_STAT: (id: number) => messageQueueState(id),
  msgctl_IPC_RMID: (id: number) => removeMessageQueue(id),

  shmget: (key: number, size: number, flags: number) => shmget(key, size, flags),
  shmat: (id: number) => shmdt(shmat(id)),
  shmctl_IPC_STAT: (id: number) => segmentState(id),
  shmctl_IPC_RMID: (id: number) => removeSegment(id),
  shmdt: (address: number) => shmdt(Deno.UnsafePointer.create(BigInt(address))!),

  mq_open(name: string, flags: number, maxMessages = 1, messageBytes = 1) {
    mqClose(mqOpen(name, flags, { maxMessages, messageBytes }));
  },
  mq_unlink: (name: string) => mqUnlink(name),
  mq_send(queue: number, length: number, priority: number) {
    using message = Memory.allocate(length);
    check("mq_send", mq_send(queue, message.pointer, BigInt(length), priority));
  },
  mq_receive(queue: number, capacity: number) {
    using message = Memory.allocate(capacity);
    check("mq_receive", mq_receive(queue, message.pointer, BigInt(capacity), null));
  },

  shm_open: (name: string, flags: number) => close(shmOpen(name, flags)),
  shm_unlink: (name: string) => shmUnlink(name),
  memfd_create: (name: string, flags: number) => close(memfdCreate(name, flags)),
  posix_fallocate: (fd: number, length: number) => allocateFile(fd, length),
  mmap: (length: number, fd: number) => Memory.map(fd, length)[Symbol.dispose](),
  mremap: (address: number, length: number) => Memory.again(address, length)[Symbol.dispose](),

  sem_open: (name: string, flags: number, value = 0) => semClose(semOpen(name, flags, value)),
  sem_unlink: (name: string) => semUnlink(name),
  sem_init: (value: number) => withSemaphore(value, () => {}),
  sem_post: (value: number) =>
    withSemaphore(value, (semaphore) => check("sem_post", sem_post(semaphore))),
  sem_trywait: (value: number) =>
    withSemaphore(value, (semaphore) => check("sem_trywait", sem_trywait(semaphore))),

  eventfd: (value: number, flags: number) => close(eventfd(value, flags)),
  read(fd: number, length: number) {
    check("read", read(fd, new Struct(8).pointer, BigInt(length)));
  },
  write(fd: number, low: number, high: number) {
    const value = new Struct(8).setI32(0, low).setI32(4, high);
    check("write", write(fd, value.pointer, 8n));
  },

  open: (path: string, flags: number) => close(open(path, flags | O_NOFOLLOW | O_CLOEXEC)),
  fcntl(fd: number, command: number, type: number, pid = 0) {
    const range = flockRange(type, 0, 1).setI32(24, pid);
    check("fcntl", fcntl_flock(fd, command, range.pointer));
  },
  flock: (fd: number, operation: number) => check("flock", flock(fd, operation)),

  mkfifo: (path: string) => mkfifo(path),

  socket: (domain: number, type: number) => close(socket(domain, type)),
  bind_unix: (fd: number, path: string) => bind(fd, unixAddress(path)),
  bind_inet: (fd: number, ip: string, port: number) => bind(fd, inetAddress(ip, port)),
  listen: (fd: number) => listen(fd, 1),
  connect_unix: (fd: number, path: string) => connect(fd, unixAddress(path)),
  connect_inet: (fd: number, ip: string, port: number) => connect(fd, inetAddress(ip, port)),
  send(fd: number, length: number) {
    using message = Memory.allocate(length);
    check("send", send(fd, message.pointer, BigInt(length), MSG_DONTWAIT));
  },
  recv(fd: number, length: number) {
    using message = Memory.allocate(length);
    check("recv", recv(fd, message.pointer, BigInt(length), MSG_DONTWAIT));
  },
  setsockopt: (fd: number, level: number, option: number) => setSocketOption(fd, level, option, 1),
  getsockopt_SO_PEERCRED: (fd: number) => peerCredentials(fd),

  posix_openpt: (flags: number) => close(posixOpenpt(flags)),
  grantpt: (fd: number) => grantpt(fd),
  unlockpt: (fd: number) => unlockpt(fd),
  ptsname_r: (fd: number) => ptsname(fd),
  tcgetattr: (fd: number) => localModes(fd),
  tcsetattr: (fd: number) => setRaw(fd),

  kill: (pid: number, signal: number) => kill(pid, signal),
  sigqueue: (pid: number, signal: number) => check("sigqueue", sigqueue(pid, signal, 0)),
};

/** One row: a call, its arguments, and the error expected of it, for whom. */
export interface Row {
  call: keyof typeof CALLS;
  args: readonly (number | string)[];
  /** Errno's name; null where the call is to succeed. */
  errno: string | null;
  who?: "nobody";
}

/** The name of the error that a call ends with, or null. */
export function errnoOf({ call, args }: Pick<Row, "call" | "args">): string | null {
  try {
    (CALLS[call] as (...args: readonly unknown[]) => void)(...args);
    return null;
  } catch (error) {
    if (error instanceof SystemCallError) return error.code;
    throw error;
  }
}

if ("WorkerGlobalScope" in globalThis) {
  const thread = self as unknown as Worker;
  thread.onmessage = ({ data }: MessageEvent<Row>) => {
    becomeUser(NOBODY, NOBODY);
    thread.postMessage(errnoOf(data));
  };
}
