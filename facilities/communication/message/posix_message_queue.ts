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
import { created } from "../../created.ts";
import { limit } from "../../limits.ts";
import { check, unlessInterrupted } from "../../libc/errno.ts";
import { O_CLOEXEC, O_CREAT, O_EXCL, O_RDWR } from "../../libc/fcntl.ts";
import { Memory } from "../../libc/memory.ts";
import { sendWithoutWaiting } from "../../without_waiting.ts";
import { mq_receive, mq_send, mqAttributes, mqClose, mqOpen, mqUnlink } from "../../libc/mqueue.ts";
import { WrongLength } from "./wrong_length.ts";

/** Two queues, one for each direction. */
interface QueueLink extends Link {
  /** From the initiator to its peer. */
  forth: string;
  back: string;
  messageBytes: number;
}

function create({ maxBytes, scope }: CreateOptions): Created {
  using undo = new DisposableStack();
  const messageBytes = Math.max(maxBytes, 1);
  const attributes = { maxMessages: depth(messageBytes), messageBytes };
  const [forth, back] = [scope.posixName("mq"), scope.posixName("mq")];
  for (const name of [forth, back]) {
    undo.adopt(mqOpen(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, attributes), mqClose);
    undo.defer(() => mqUnlink(name));
  }
  return created({ forth, back, messageBytes } satisfies QueueLink, undo);
}

/** What the kernel counts for a message beside its text: two structures of 48 bytes (mqueue.c). */
const MESSAGE_OVERHEAD = 96;

/**
 * As many messages as the host allows, so that both queues fit into `RLIMIT_MSGQUEUE`. At least one:
 * where not even that fits, `mq_open` says EMFILE. The user's other queues count as well.
 */
function depth(messageBytes: number): number {
  const deepest = limit.mqueueMsgMax().value;
  const allowed = Math.floor(limit.rlimitMsgqueue().value / 2 / (messageBytes + MESSAGE_OVERHEAD));
  return Math.max(1, Math.min(deepest, allowed));
}

/** One for all, so that messages keep their order. */
const PRIORITY = 0;

class QueueChannel implements Channel {
  readonly handles: Handles;
  readonly #from: number;
  readonly #to: number;
  readonly #out: Memory;
  readonly #in: Memory;
  readonly #capacity: bigint;
  readonly #owned: DisposableStack;
  #length = 0;
  #size = 0n;

  constructor({ forth, back, messageBytes }: QueueLink, role: Role) {
    using undo = new DisposableStack();
    const opened = (name: string) => undo.adopt(mqOpen(name, O_RDWR | O_CLOEXEC), mqClose);
    this.#to = opened(role === "peer" ? back : forth);
    this.#from = opened(role === "initiator" ? back : forth);
    this.handles = [this.#from, this.#to];
    this.#out = undo.use(Memory.allocate(messageBytes));
    this.#in = undo.use(Memory.allocate(messageBytes));
    this.#capacity = BigInt(messageBytes);
    this.#owned = undo.move();
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
    const { pointer } = this.#out;
    while (mq_send(this.#to, pointer, this.#size, PRIORITY) !== 0) unlessInterrupted("mq_send");
  }

  receive(length: number): Memory {
    const { pointer } = this.#in;
    for (;;) {
      const count = mq_receive(this.#from, pointer, this.#capacity, null);
      if (count === length) return this.#in;
      if (count !== -1) throw new WrongLength("mq_receive", count, length);
      unlessInterrupted("mq_receive");
    }
  }

  sendUntilFull(length: number): number {
    this.prepare(length);
    return sendWithoutWaiting(this.#to, () => {
      check("mq_send", mq_send(this.#to, this.#out.pointer, this.#size, 0));
      return length;
    });
  }

  declaredCapacity(length: number): number {
    return mqAttributes(this.#to).maxMessages * length;
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }
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
