/**
 * The channel over any region of shared memory: one ring of slots for each direction.
 *
 * The sender writes the message into a slot, where the receiver reads it: nothing is copied. Two
 * counters tell how many messages were written and how many were consumed; a third word tells that
 * a participant is going to sleep, and for what, so that nobody is woken who is awake. After setting
 * that word the sleeper looks once more, and the other side looks at it after changing a counter:
 * one of the two always sees the other's store (Dekker's argument, which takes sequentially
 * consistent stores). So there is never more than one post outstanding, which even a notifier that
 * coalesces can carry.
 *
 * The counters only ever grow, modulo 2³²; differences are taken modulo 2³² too. A new message size
 * means new slots over the same memory, so the first message after that waits until the other side
 * has let go of all the old ones.
 *
 * @module
 */
import type {
  Channel,
  ChannelOffer,
  Created,
  CreateOptions,
  Link,
  Notifier,
  Offer,
  Payload,
  Region,
  Role,
} from "../../facility.ts";
import { created } from "../../created.ts";
import { revoke } from "../../libc/memory.ts";
import { loadAcquire, storeRelease } from "../../ordered.ts";
import { attachWaiting, createWaiting, type Waiting } from "./waiting.ts";

/** Indices of 32-bit words, two cache lines apart: prefetchers fetch lines in pairs. */
const WORDS_APART = 32;
export const SENT = [0 * WORDS_APART, 1 * WORDS_APART] as const;
export const CONSUMED = [2 * WORDS_APART, 3 * WORDS_APART] as const;
const SLEEPS = [4 * WORDS_APART, 5 * WORDS_APART] as const;
const HEADER_BYTES = 4096;

/** What a sleeper waits for. */
const AWAKE = 0;
const FOR_MESSAGE = 1;
const FOR_ROOM = 2;

const CACHE_LINE = 64;
/**
 * Slots at most. Who sleeps wants many, or there is a switch for every few messages. Who spins wants
 * no more than stay near: with 64 the objects that stand for them fill the first cache, and a round
 * trip of 64 bytes takes 237 ns, with 16 195 ns; throughput is the same.
 */
const MOST_SLOTS = { sleeping: 64, spinning: 16 } as const;
/** Bytes of a ring, unless two of the largest messages need more. */
const RING_BYTES = 65_536;

interface RingLink extends Link {
  region: Link;
  waiting: Link;
  maxBytes: number;
}

/** The bytes of a slot for messages of up to `length` bytes. */
function slotBytes(length: number): number {
  return Math.max(1, Math.ceil(length / CACHE_LINE)) * CACHE_LINE;
}

/** The bytes of the ring of one direction. */
function ringBytes(maxBytes: number): number {
  return Math.max(RING_BYTES, 2 * slotBytes(maxBytes));
}

/** The bytes of a region that has both rings. */
export function regionBytes(maxBytes: number): number {
  return HEADER_BYTES + 2 * ringBytes(maxBytes);
}

/** The channel over a region of `regionBytes(maxBytes)` bytes that is zeroed, or has been in use. */
export class RingChannel implements Channel {
  readonly #region: Region;
  readonly #notifier: Notifier | null;
  readonly #words: Int32Array<ArrayBuffer>;
  readonly #spins: number;
  readonly #maxBytes: number;
  // Solo, both directions are the same ring.
  readonly #outbound: 0 | 1;
  readonly #inbound: 0 | 1;
  readonly #self: number;
  readonly #other: number;
  #slotBytes = 0;
  #outSlots: Payload[] = [];
  #inSlots: Payload[] = [];
  #slots = 0;
  /** So many messages may be sent and not consumed. */
  #room = 0;
  #sent: number;
  /** How many of them were consumed when that was last looked at: looking costs a cache line. */
  #consumed: number;
  #received: number;

  constructor(region: Region, waiting: Waiting, maxBytes: number, role: Role) {
    this.#region = region;
    this.#notifier = "notifier" in waiting ? waiting.notifier : null;
    this.#words = region.memory.words;
    this.#spins = waiting.spins;
    this.#maxBytes = maxBytes;
    this.#outbound = role === "peer" ? 1 : 0;
    this.#inbound = role === "initiator" ? 1 : 0;
    this.#self = SLEEPS[role === "peer" ? 1 : 0];
    this.#other = SLEEPS[role === "initiator" ? 1 : 0];
    this.#sent = Atomics.load(this.#words, SENT[this.#outbound]);
    this.#consumed = Atomics.load(this.#words, CONSUMED[this.#outbound]);
    this.#received = Atomics.load(this.#words, CONSUMED[this.#inbound]);
    Atomics.store(this.#words, this.#self, AWAKE);
    this.prepare(maxBytes);
  }

  get inner(): ((...values: never[]) => unknown)[] {
    if (this.#notifier === null) return [];
    const { post, wait } = this.#notifier;
    return [this.#publish, this.#awaitChange, this.#wake, post, wait];
  }

  prepare(length: number): void {
    if (!(length >= 0 && length <= this.#maxBytes)) {
      throw new RangeError(
        `Cannot send messages of ${length} bytes: the ring was made for up to ${this.#maxBytes}`,
      );
    }
    this.#releaseConsumed();
    const bytes = slotBytes(length);
    if (bytes === this.#slotBytes) return;
    this.#slotBytes = bytes;
    const whole = ringBytes(this.#maxBytes);
    const most = MOST_SLOTS[this.#notifier ? "sleeping" : "spinning"];
    this.#slots = 2 ** Math.floor(Math.log2(Math.min(most, whole / bytes)));
    const slots = (direction: number) =>
      Array.from(
        { length: this.#slots },
        (_, slot) =>
          this.#region.memory.slice(HEADER_BYTES + direction * whole + slot * bytes, bytes),
      );
    this.#outSlots = slots(this.#outbound);
    this.#inSlots = slots(this.#inbound);
    this.#room = 1;
  }

  outgoing(): Payload {
    if (((this.#sent - this.#consumed) | 0) >= this.#room) this.#awaitRoom();
    return this.#outSlots[this.#sent & (this.#slots - 1)]!;
  }

  #awaitRoom(): void {
    const consumed = CONSUMED[this.#outbound];
    for (;;) {
      this.#consumed = loadAcquire(this.#words, consumed);
      if (((this.#sent - this.#consumed) | 0) < this.#room) return;
      this.#awaitChange(consumed, this.#consumed, FOR_ROOM);
    }
  }

  send(_length: number): void {
    this.#sent = (this.#sent + 1) | 0;
    this.#room = this.#slots;
    this.#publish(SENT[this.#outbound], this.#sent, FOR_MESSAGE);
  }

  receive(_length: number): Payload {
    // Only now is the last message's slot free for the sender.
    this.#releaseConsumed();
    const words = this.#words;
    const received = this.#received;
    const sent = SENT[this.#inbound];
    while (loadAcquire(words, sent) === received) this.#awaitChange(sent, received, FOR_MESSAGE);
    this.#received = (received + 1) | 0;
    return this.#inSlots[received & (this.#slots - 1)]!;
  }

  #releaseConsumed(): void {
    this.#publish(CONSUMED[this.#inbound], this.#received, FOR_ROOM);
  }

  /** Changes a counter, and wakes the other side if it sleeps for that. */
  #publish(counter: number, value: number, reason: number): void {
    const words = this.#words;
    if (this.#notifier === null) return storeRelease(words, counter, value);
    Atomics.store(words, counter, value);
    if (loadAcquire(words, this.#other) === reason) this.#wake(reason);
  }

  /** Returns when the word differs from `seen`: looks a while, then sleeps. */
  #awaitChange(word: number, seen: number, reason: number): void {
    const words = this.#words;
    for (let look = 0; look < this.#spins; look++) {
      if (loadAcquire(words, word) !== seen) return;
    }
    Atomics.store(words, this.#self, reason);
    if (loadAcquire(words, word) === seen) this.#notifier!.wait();
    // The other side took the word, so its post is there or on its way and must be consumed.
    else if (Atomics.exchange(words, this.#self, AWAKE) === AWAKE) this.#notifier!.wait();
  }

  #wake(reason: number): void {
    if (Atomics.compareExchange(this.#words, this.#other, reason, AWAKE) === reason) {
      this.#notifier!.post();
    }
  }

  [Symbol.dispose](): void {
    if (this.#region.memory.disposed) return;
    this.#releaseConsumed();
    // Plain accesses to memory that was let go would pass in silence.
    revoke(this, "prepare", "outgoing", "send", "receive");
    this.#notifier?.[Symbol.dispose]();
    this.#region[Symbol.dispose]();
  }
}

/** The channel offer of a shared-memory facility: its region and a waiting strategy. */
export function channelOver(region: Offer<Region>): ChannelOffer {
  return {
    async create(options: CreateOptions): Promise<Created> {
      using undo = new DisposableStack();
      const { maxBytes } = options;
      const shared = undo.use(
        await region.create({ ...options, maxBytes: regionBytes(maxBytes) }),
      );
      const waiting = undo.use(await createWaiting(options.wait ?? "futex", options));
      return created(
        { region: shared.link, waiting: waiting.link, maxBytes } satisfies RingLink,
        undo,
      );
    },
    async attach(link: RingLink, role): Promise<Channel> {
      using undo = new DisposableStack();
      const shared = undo.use(await region.attach(link.region, role));
      const waiting = await attachWaiting(link.waiting, role);
      if ("notifier" in waiting) undo.use(waiting.notifier);
      const channel = new RingChannel(shared, waiting, link.maxBytes, role);
      undo.move();
      return channel;
    },
  };
}
