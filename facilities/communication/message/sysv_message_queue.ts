/**
 * A System V message queue: messages with a type, found by a key.
 *
 * A receiver may ask for the next message of one type, so that one queue carries both directions:
 * type 1 goes to the peer, type 2 comes back. It lives in the kernel until it is removed, whoever
 * still uses it. It is no descriptor, so `poll` does not know it.
 *
 * The queue holds `msg_qbytes` bytes of text; that it starts with, and only a privileged process may
 * raise, `/proc/sys/kernel/msgmnb`. A longer message would wait for ever.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/sysvipc.7.html sysvipc(7)}
 * @module
 */
import type {
  Channel,
  Created,
  CreateOptions,
  Facility,
  Handles,
  Limit,
  Link,
  Payload,
  Role,
} from "../../facility.ts";
import { created } from "../../created.ts";
import { limit } from "../../limits.ts";
import { check, ERRNO, errno, unlessInterrupted } from "../../libc/errno.ts";
import { Memory } from "../../libc/memory.ts";
import { IPC_CREAT, IPC_EXCL, IPC_NOWAIT, isTaken } from "../../libc/sys_ipc.ts";
import {
  messageQueueState,
  msgget,
  msgrcv,
  msgsnd,
  removeMessageQueue,
  TYPE_BYTES,
} from "../../libc/sys_msg.ts";
import { WrongLength } from "./wrong_length.ts";

interface QueueLink extends Link {
  key: number;
  maxBytes: number;
}

/** Message types by direction: from the initiator to its peer, and back. */
const FORTH = 1n;
const BACK = 2n;

function create({ maxBytes, scope }: CreateOptions): Created {
  using undo = new DisposableStack();
  const key = scope.key("msg", (key) => isTaken(() => msgget(key)));
  const id = undo.adopt(msgget(key, IPC_CREAT | IPC_EXCL | 0o600), removeMessageQueue);
  const { capacityBytes } = messageQueueState(id);
  if (maxBytes > capacityBytes) {
    throw new RangeError(
      `Cannot send messages of ${maxBytes} bytes: the queue holds ${capacityBytes} (msg_qbytes)`,
    );
  }
  return created({ key, maxBytes } satisfies QueueLink, undo);
}

class QueueChannel implements Channel {
  readonly handles: Handles;
  readonly #id: number;
  readonly #receivedType: bigint;
  readonly #out: Memory;
  readonly #in: Memory;
  readonly #outText: Payload;
  readonly #inText: Payload;
  readonly #capacity: bigint;
  #length = 0;
  #size = 0n;

  constructor({ key, maxBytes }: QueueLink, role: Role) {
    this.#id = msgget(key);
    this.handles = [this.#id, this.#id];
    this.#receivedType = role === "initiator" ? BACK : FORTH;
    this.#out = Memory.allocate(TYPE_BYTES + maxBytes);
    this.#in = Memory.allocate(TYPE_BYTES + maxBytes);
    this.#outText = this.#out.slice(TYPE_BYTES, maxBytes);
    this.#inText = this.#in.slice(TYPE_BYTES, maxBytes);
    this.#capacity = BigInt(maxBytes);
    new BigInt64Array(this.#out.buffer, 0, 1)[0] = role === "peer" ? BACK : FORTH;
  }

  prepare(length: number): void {
    this.#length = length;
    this.#size = BigInt(length);
  }

  outgoing(): Payload {
    return this.#outText;
  }

  send(length: number): void {
    if (length !== this.#length) this.prepare(length);
    const { pointer } = this.#out;
    while (msgsnd(this.#id, pointer, this.#size, 0) !== 0) unlessInterrupted("msgsnd");
  }

  receive(length: number): Payload {
    const { pointer } = this.#in;
    for (;;) {
      const count = msgrcv(this.#id, pointer, this.#capacity, this.#receivedType, 0);
      if (count === length) return this.#inText;
      if (count !== -1) throw new WrongLength("msgrcv", count, length);
      unlessInterrupted("msgrcv");
    }
  }

  sendUntilFull(length: number): number {
    this.prepare(length);
    let total = 0;
    while (msgsnd(this.#id, this.#out.pointer, this.#size, IPC_NOWAIT) === 0) total += length;
    if (errno() !== ERRNO.EAGAIN) check("msgsnd", -1);
    return total;
  }

  declaredCapacity(length: number): number {
    return Math.floor(messageQueueState(this.#id).capacityBytes / length) * length;
  }

  [Symbol.dispose](): void {
    this.#out[Symbol.dispose]();
    this.#in[Symbol.dispose]();
  }
}

/** What a message may measure, and what the queue holds: the smaller of the two. */
function largestMessage(): Limit {
  const [message, queue] = [limit.msgmax(), limit.msgmnb()];
  return queue.value < message.value ? queue : message;
}

export const facility: Facility = {
  id: "sysv-message-queue",
  title: "System V message queue",
  summary: "Whole messages with a type to ask for, in a queue found by a key.",
  origin: { family: "System V", source: "Columbus Unix, System V (1983); POSIX.1-2001 msgget()" },
  semantics: {
    boundaries: "message",
    identifier: "key",
    handle: "ipc-id",
    accessibility: "permission-mask",
    persistence: "kernel",
    pollable: false,
    order: "type",
    destructiveReads: true,
    emptyBlocks: true,
    whenFull: "blocks",
    peek: false,
  },
  limits: () => [limit.msgmax(), limit.msgmnb(), limit.msgmni()],
  channel: {
    create,
    attach: (link: QueueLink, role) => new QueueChannel(link, role),
    largestMessage,
    manyPeers: true,
  },
};
