/**
 * A POSIX message queue: messages with priorities, found by a name such as `/orders`.
 *
 * The queue is made with the number and size of the messages it holds; a receiver's buffer must
 * have room for the largest. Messages of a higher priority overtake, those of equal priority keep
 * their order. It lives in the kernel until it is unlinked and the last process closes it.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/mq_overview.7.html mq_overview(7)}
 * @module
 */
import type {
  Channel,
  Created,
  CreateOptions,
  Facility,
  Handles,
  Link,
  Role,
} from "../../facility.ts";
import { limit } from "../../limits.ts";
import { check } from "../../libc/errno.ts";
import { O_CLOEXEC, O_CREAT, O_EXCL, O_RDWR } from "../../libc/fcntl.ts";
import { Memory } from "../../libc/memory.ts";
import { mq_receive, mq_send, mqClose, mqOpen, mqUnlink } from "../../libc/mqueue.ts";

/** Two queues, one for each direction. */
interface QueueLink extends Link {
  /** From the initiator to its peer. */
  forth: string;
  back: string;
  messageBytes: number;
}

function create({ maxBytes, scope }: CreateOptions): Created {
  const messageBytes = Math.max(maxBytes, 16);
  const attributes = { maxMessages: depth(messageBytes), messageBytes };
  const names = [scope.posixName("mq"), scope.posixName("mq")] as const;
  const queues = names.map((name) =>
    mqOpen(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, attributes)
  );
  return {
    link: { forth: names[0], back: names[1], messageBytes } satisfies QueueLink,
    [Symbol.dispose]() {
      queues.forEach(mqClose);
      names.forEach(mqUnlink);
    },
  };
}

/** As many messages as the host allows, so that both queues fit into `RLIMIT_MSGQUEUE`. */
function depth(messageBytes: number): number {
  const deepest = limit.mqueueMsgMax().value;
  const allowed = Math.floor(limit.rlimitMsgqueue().value / 2 / (messageBytes + 128));
  return Math.max(1, Math.min(deepest, allowed));
}

class QueueChannel implements Channel {
  readonly handles: Handles;
  readonly #from: number;
  readonly #to: number;
  readonly #out: Memory;
  readonly #in: Memory;
  readonly #capacity: bigint;
  #length = 0;
  #size = 0n;

  constructor({ forth, back, messageBytes }: QueueLink, role: Role) {
    const flags = O_RDWR | O_CLOEXEC;
    this.#to = mqOpen(role === "peer" ? back : forth, flags);
    this.#from = mqOpen(role === "initiator" ? back : forth, flags);
    this.handles = [this.#from, this.#to];
    this.#out = Memory.allocate(messageBytes);
    this.#in = Memory.allocate(messageBytes);
    this.#capacity = BigInt(messageBytes);
  }

  prepare(length: number): void {
    this.#length = length;
    this.#size = BigInt(length);
  }

  outgoing(): Memory {
    return this.#out;
  }

  send(length: number): void {
    if (length !== this.#length) this.prepare(length);
    if (mq_send(this.#to, this.#out.pointer, this.#size, 0) !== 0) check("mq_send", -1);
  }

  receive(length: number): Memory {
    const count = mq_receive(this.#from, this.#in.pointer, this.#capacity, null);
    if (count !== length) wrongLength("mq_receive", count, length);
    return this.#in;
  }

  [Symbol.dispose](): void {
    mqClose(this.#to);
    mqClose(this.#from);
    this.#out[Symbol.dispose]();
    this.#in[Symbol.dispose]();
  }
}

/** Reports a message that failed to arrive or arrived with another length than was sent. */
function wrongLength(call: string, count: number, expected: number): never {
  check(call, count);
  throw new Error(`${call} returned a message of ${count} bytes instead of ${expected}`);
}

export const facility: Facility = {
  id: "posix-message-queue",
  title: "POSIX message queue",
  summary: "Whole messages with priorities, in a named queue that outlives its processes.",
  origin: { family: "POSIX", source: "POSIX.1b-1993; POSIX.1-2001 mq_open()" },
  semantics: {
    boundaries: "message",
    identifier: "posix-name",
    handle: "message-queue-descriptor",
    accessibility: "permission-mask",
    persistence: "kernel",
    pollable: true,
    order: "priority",
    destructiveReads: true,
    emptyBlocks: true,
    whenFull: "blocks",
    peek: false,
  },
  limits: () => [
    limit.mqueueMsgMax(),
    limit.mqueueMsgsizeMax(),
    limit.mqueueQueuesMax(),
    limit.rlimitMsgqueue(),
  ],
  channel: {
    create,
    attach: (link: QueueLink, role) => new QueueChannel(link, role),
    largestMessage: () => limit.mqueueMsgsizeMax(),
    manyPeers: true,
  },
};
