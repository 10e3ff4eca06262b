/**
 * `mqueue.h`: POSIX message queues.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/mq_overview.7.html mq_overview(7)}
 * @module
 */
import { ARCH } from "./arch.ts";
import { check } from "./errno.ts";
import { open, openLate, openRare } from "./library.ts";
import { Struct } from "./memory.ts";
import { cString } from "./strings.ts";

/** `struct mq_attr` */
const MQ_ATTR = { size: 64, mq_maxmsg: 8, mq_msgsize: 16, mq_curmsgs: 24 };
/** `struct sigevent` */
const SIGEVENT = { size: 64, sigev_signo: 8, sigev_notify: 12 };
const SIGEV_SIGNAL = 0;

const c = open({
  // long syscall(SYS_mq_timedsend, mqd_t, const char *bytes, size_t count, unsigned priority, NULL)
  mq_send: {
    name: "syscall",
    parameters: ["i64", "i32", "pointer", "usize", "u32", "pointer"],
    result: "i32",
  },
  // long syscall(SYS_mq_timedreceive, mqd_t, char *bytes, size_t count, unsigned *priority, NULL)
  mq_receive: {
    name: "syscall",
    parameters: ["i64", "i32", "pointer", "usize", "pointer", "pointer"],
    result: "i32",
  },
});

const late = openLate({
  // mqd_t mq_open(const char *name, int oflag, mode_t mode, struct mq_attr *attr), variadic in C
  mq_open: { parameters: ["buffer", "i32", "u32", "pointer"], result: "i32" },
  mq_close: { parameters: ["i32"], result: "i32" },
  mq_unlink: { parameters: ["buffer"], result: "i32" },
  mq_getattr: { parameters: ["i32", "pointer"], result: "i32" },
});

const rare = openRare({
  // int mq_notify(mqd_t queue, const struct sigevent *event)
  mq_notify: { parameters: ["i32", "pointer"], result: "i32" },
});

const { SYS_mq_timedsend, SYS_mq_timedreceive } = ARCH;

/** Called raw by the loops that move data, which check by count; by `syscall` as `read` is. */
export function mq_send(
  queue: number,
  bytes: Deno.PointerValue,
  count: bigint,
  priority: number,
): number {
  return c.mq_send(SYS_mq_timedsend, queue, bytes, count, priority, null);
}

/** The same, receiving; tells the priority where `priority` points. */
export function mq_receive(
  queue: number,
  bytes: Deno.PointerValue,
  count: bigint,
  priority: Deno.PointerValue,
): number {
  return c.mq_receive(SYS_mq_timedreceive, queue, bytes, count, priority, null);
}

/** How many messages of what size a queue holds. */
export interface QueueAttributes {
  maxMessages: number;
  messageBytes: number;
  /** Messages in the queue now. */
  currentMessages: number;
}

/** @throws {SystemCallError} EACCES, EEXIST, EINVAL, EMFILE, ENOENT, ENOSPC, ENOSYS */
export function mqOpen(
  name: string,
  flags: number,
  attributes?: { maxMessages: number; messageBytes: number },
): number {
  const attr = attributes &&
    new Struct(MQ_ATTR.size)
      .setI64(MQ_ATTR.mq_maxmsg, attributes.maxMessages)
      .setI64(MQ_ATTR.mq_msgsize, attributes.messageBytes);
  const detail = attributes
    ? `${name} for ${attributes.maxMessages} messages of ${attributes.messageBytes} bytes`
    : name;
  return check("mq_open", late.mq_open(cString(name), flags, 0o600, attr?.pointer ?? null), detail);
}

/** @throws {SystemCallError} EBADF */
export function mqClose(queue: number): void {
  check("mq_close", late.mq_close(queue));
}

/** @throws {SystemCallError} EACCES, ENOENT */
export function mqUnlink(name: string): void {
  check("mq_unlink", late.mq_unlink(cString(name)), name);
}

/**
 * Asks for a signal when a message arrives at the empty queue; once, and one process at a time.
 *
 * @throws {SystemCallError} EBADF, EBUSY, EINVAL
 * @see {@link https://man7.org/linux/man-pages/man3/mq_notify.3.html mq_notify(3)}
 */
export function mqNotify(queue: number, signal: number): void {
  const event = new Struct(SIGEVENT.size)
    .setI32(SIGEVENT.sigev_signo, signal)
    .setI32(SIGEVENT.sigev_notify, SIGEV_SIGNAL);
  check("mq_notify", rare.mq_notify(queue, event.pointer), `${queue}`);
}

/** @throws {SystemCallError} EBADF */
export function mqAttributes(queue: number): QueueAttributes {
  const attr = new Struct(MQ_ATTR.size);
  check("mq_getattr", late.mq_getattr(queue, attr.pointer));
  return {
    maxMessages: attr.i64(MQ_ATTR.mq_maxmsg),
    messageBytes: attr.i64(MQ_ATTR.mq_msgsize),
    currentMessages: attr.i64(MQ_ATTR.mq_curmsgs),
  };
}
