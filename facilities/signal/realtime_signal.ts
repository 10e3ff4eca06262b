/**
 * A realtime signal: queues, and carries an int (or a pointer).
 *
 * It is blocked and taken by `sigwaitinfo`, so that no handler runs. Signals of one number keep
 * their order; of several numbers the lowest comes first. How many may be queued for all processes of
 * a user is limited (`RLIMIT_SIGPENDING`), and `sigqueue` does not wait for room: it fails with
 * EAGAIN.
 *
 * The channel therefore keeps its own account. A sender has credit for a window of messages, far
 * below the limit; the receiver returns credit, a half window at a time, by a signal of another
 * number, for which a sender without credit sleeps. That is one signal more in 512 messages. EAGAIN
 * can still come, when other processes of the user fill the queue: then the sender yields its CPU
 * and tries again, for a second.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/sigqueue.3.html sigqueue(3)},
 * {@link https://man7.org/linux/man-pages/man7/signal.7.html signal(7)}
 * @module
 */
import type {
  Channel,
  Created,
  CreateOptions,
  Facility,
  Notifier,
  Payload,
  Role,
} from "../facility.ts";
import { limit } from "../limits.ts";
import { ERRNO, errno, SystemCallError, unlessInterrupted } from "../libc/errno.ts";
import { Struct } from "../libc/memory.ts";
import { sched_yield } from "../libc/sched.ts";
import {
  queuedSignal,
  SI_VALUE,
  signalSet,
  sigqueue,
  sigwaitinfo,
  SIZEOF_SIGINFO,
  tgsigqueue,
} from "../libc/signal.ts";
import { now } from "../libc/time.ts";
import { createMeeting, meet, nextRealtimeSignal, type Peer, type PeerLink } from "./peer.ts";

const PAYLOAD_BYTES = 4;
const LARGEST_WINDOW = 1024;
/** A window of two messages and its credit, in both directions. */
const FEWEST_PENDING = 8;
const PATIENCE_NS = 1e9;

interface NotifierLink extends PeerLink {
  post: number;
}

interface ChannelLink extends PeerLink {
  message: number;
  credit: number;
  /** Messages that a sender may have on their way. */
  window: number;
}

/** Sends one signal number with a value, however full the queue is for a moment. */
class Sender {
  readonly #peer: Peer;
  readonly #signal: number;
  readonly #information: Struct;
  readonly #value: Int32Array<ArrayBuffer>;
  /** Where the value is written. */
  readonly payload: Payload;

  constructor(peer: Peer, signal: number) {
    this.#peer = peer;
    this.#signal = signal;
    this.#information = queuedSignal(signal);
    this.#value = new Int32Array(this.#information.bytes.buffer, SI_VALUE, 1);
    this.payload = payloadOf(this.#information);
  }

  send(): void {
    if (this.#queue() !== 0) this.#sendLater();
  }

  #queue(): number {
    const { process, thread } = this.#peer;
    return thread === undefined
      ? sigqueue(process, this.#signal, this.#value[0]!)
      : tgsigqueue(process, thread, this.#signal, this.#information.pointer);
  }

  #sendLater(): void {
    let error = errno();
    const end = now() + PATIENCE_NS;
    while (error === ERRNO.EAGAIN && now() < end) {
      sched_yield();
      if (this.#queue() === 0) return;
      error = errno();
    }
    throw new SystemCallError("sigqueue", error);
  }
}

/** The value within a `siginfo_t`. */
function payloadOf({ bytes, pointer }: Struct): Payload {
  return {
    pointer: Deno.UnsafePointer.offset(pointer, SI_VALUE)!,
    bytes: bytes.subarray(SI_VALUE, SI_VALUE + PAYLOAD_BYTES),
  };
}

/** Takes the next signal of a set, and what came with it. */
class Receiver {
  readonly #set: Struct;
  readonly #information = new Struct(SIZEOF_SIGINFO);
  readonly payload: Payload;

  constructor(signal: number) {
    this.#set = signalSet(signal);
    this.payload = payloadOf(this.#information);
  }

  receive(): void {
    while (sigwaitinfo(this.#set.pointer, this.#information.pointer) === -1) {
      unlessInterrupted("sigwaitinfo");
    }
  }
}

class SignalChannel implements Channel {
  readonly #out: Sender;
  readonly #in: Receiver;
  readonly #creditOut: Sender;
  readonly #creditIn: Receiver;
  /** Messages that one credit signal stands for. */
  readonly #grant: number;
  #credit: number;
  #received = 0;

  constructor(link: ChannelLink, role: Role) {
    const peer = meet(link, role, [link.message, link.credit]);
    this.#out = new Sender(peer, link.message);
    this.#in = new Receiver(link.message);
    this.#creditOut = new Sender(peer, link.credit);
    this.#creditIn = new Receiver(link.credit);
    this.#grant = link.window >> 1;
    this.#credit = link.window;
  }

  /** @throws {RangeError} for more than 4 bytes */
  prepare(length: number): void {
    if (length > PAYLOAD_BYTES) {
      throw new RangeError(`Cannot send ${length} bytes by a signal: it carries at most 4`);
    }
  }

  outgoing(): Payload {
    return this.#out.payload;
  }

  send(_length: number): void {
    if (this.#credit === 0) {
      this.#creditIn.receive();
      this.#credit = this.#grant;
    }
    this.#credit--;
    this.#out.send();
  }

  receive(_length: number): Payload {
    this.#in.receive();
    if (++this.#received === this.#grant) {
      this.#received = 0;
      this.#creditOut.send();
    }
    return this.#in.payload;
  }

  [Symbol.dispose](): void {}
}

function createChannel(options: CreateOptions): Created {
  // A quarter of what may be queued: both directions and their credit fit, with room to spare.
  const quarter = Math.floor(limit.rlimitSigpending().value / 4);
  const meeting = createMeeting(options);
  const link = {
    ...(meeting.link as PeerLink),
    message: nextRealtimeSignal(),
    credit: nextRealtimeSignal(),
    window: Math.max(2, Math.min(LARGEST_WINDOW, quarter)),
  } satisfies ChannelLink;
  return { ...meeting, link };
}

function createNotifier(options: CreateOptions): Created {
  const meeting = createMeeting(options);
  const link = {
    ...(meeting.link as PeerLink),
    post: nextRealtimeSignal(),
  } satisfies NotifierLink;
  return { ...meeting, link };
}

function attachNotifier(link: NotifierLink, role: Role): Notifier {
  const out = new Sender(meet(link, role, [link.post]), link.post);
  const incoming = new Receiver(link.post);
  return {
    post: () => out.send(),
    wait: () => incoming.receive(),
    [Symbol.dispose]() {},
  };
}

export const facility: Facility = {
  id: "realtime-signal",
  title: "Realtime signal",
  summary: "A number with an int, queued for a process.",
  origin: { family: "POSIX", source: "POSIX.1b-1993; POSIX.1-2001 sigqueue()" },
  semantics: {
    boundaries: "message",
    identifier: "process-id",
    handle: "none",
    accessibility: "same-user",
    persistence: "process",
    pollable: false,
    order: "signal-number",
    destructiveReads: true,
    emptyBlocks: true,
    whenFull: "refuses",
    peek: false,
  },
  limits: () => [limit.rlimitSigpending(), limit.realtimeSignalPayload()],
  inapplicable() {
    const { name, value } = limit.rlimitSigpending();
    if (value >= FEWEST_PENDING) return null;
    return `${name} is ${value}, and ${FEWEST_PENDING} signals may have to be queued at once; ` +
      `raise it with ulimit -i`;
  },
  channel: {
    create: createChannel,
    attach: (link: ChannelLink, role) => new SignalChannel(link, role),
    largestMessage: () => limit.realtimeSignalPayload(),
  },
  notifier: { create: createNotifier, attach: attachNotifier },
};
