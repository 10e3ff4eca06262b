/**
 * The channel over any region of shared memory: one ring of slots for each direction.
 *
 * The sender writes the message into a slot, where the receiver reads it: nothing is copied. Two
 * counters tell how many messages were written and how many were consumed; a third word tells that
 * a participant is going to sleep, and for what, so that nobody is woken who is awake. After setting
 * that word the sleeper looks once more, and the other side looks at it after changing a counter:
 * one of the two always sees the other's store (Dekker's argument; `Atomics` are sequentially
 * consistent). So there is never more than one post outstanding, which even a notifier that
 * coalesces can carry.
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
import { attachWaiting, createWaiting, type Strategy } from "./waiting.ts";

/** Indices of 32-bit words, two cache lines apart: prefetchers fetch lines in pairs. */
const WORDS_APART = 32;
const SENT = [0 * WORDS_APART, 1 * WORDS_APART] as const;
const CONSUMED = [2 * WORDS_APART, 3 * WORDS_APART] as const;
const SLEEPS = [4 * WORDS_APART, 5 * WORDS_APART] as const;
const HEADER_BYTES = 4096;

/** What a sleeper waits for. */
const AWAKE = 0;
const FOR_MESSAGE = 1;
const FOR_ROOM = 2;

const CACHE_LINE = 64;
const MOST_SLOTS = 64;
/** Bytes of a ring, unless two of the largest messages need more. */
const RING_BYTES = 65_536;

interface RingLink extends Link {
  region: Link;
  waiting: Link;
  ringBytes: number;
}

/** The bytes of a slot for messages of up to `length` bytes. */
function slotBytes(length: number): number {
  return Math.ceil(length / CACHE_LINE) * CACHE_LINE;
}

class RingChannel implements Channel {
  readonly #region: Region;
  readonly #notifier: Notifier | null;
  readonly #words: Int32Array<ArrayBuffer>;
  readonly #spins: number;
  readonly #ringBytes: number;
  // Solo, both directions are the same ring.
  readonly #outbound: 0 | 1;
  readonly #inbound: 0 | 1;
  readonly #self: number;
  readonly #other: number;
  #outSlots: Payload[] = [];
  #inSlots: Payload[] = [];
  #slotBytes = 0;
  #mask = 0;
  #slots = 0;
  #sent = 0;
  #received = 0;

  constructor(
    region: Region,
    notifier: Notifier | null,
    strategy: Strategy,
    ringBytes: number,
    role: Role,
  ) {
    this.#region = region;
    this.#notifier = notifier;
    this.#words = region.memory.words;
    this.#spins = strategy.spins;
    this.#ringBytes = ringBytes;
    this.#outbound = role === "peer" ? 1 : 0;
    this.#inbound = role === "initiator" ? 1 : 0;
    this.#self = SLEEPS[role === "peer" ? 1 : 0];
    this.#other = SLEEPS[role === "initiator" ? 1 : 0];
  }

  prepare(length: number): void {
    const bytes = slotBytes(length);
    if (bytes === this.#slotBytes) return;
    this.#slotBytes = bytes;
    const fit = Math.min(MOST_SLOTS, Math.floor(this.#ringBytes / bytes));
    this.#slots = 2 ** Math.floor(Math.log2(fit));
    this.#mask = this.#slots - 1;
    const slots = (direction: number) =>
      Array.from(
        { length: this.#slots },
        (_, slot) =>
          this.#region.memory.slice(
            HEADER_BYTES + direction * this.#ringBytes + slot * bytes,
            bytes,
          ),
      );
    this.#outSlots = slots(this.#outbound);
    this.#inSlots = slots(this.#inbound);
    this.#sent = 0;
    this.#received = 0;
    // Each word is reset by the one participant that writes it.
    Atomics.store(this.#words, SENT[this.#outbound], 0);
    Atomics.store(this.#words, CONSUMED[this.#inbound], 0);
    Atomics.store(this.#words, this.#self, AWAKE);
  }

  outgoing(): Payload {
    const words = this.#words;
    const consumed = CONSUMED[this.#outbound];
    while (this.#sent - Atomics.load(words, consumed) >= this.#slots) {
      this.#awaitChange(consumed, this.#sent - this.#slots, FOR_ROOM);
    }
    return this.#outSlots[this.#sent & this.#mask]!;
  }

  send(_length: number): void {
    this.#sent++;
    Atomics.store(this.#words, SENT[this.#outbound], this.#sent);
    if (Atomics.load(this.#words, this.#other) === FOR_MESSAGE) this.#wake(FOR_MESSAGE);
  }

  receive(_length: number): Payload {
    const words = this.#words;
    const received = this.#received;
    const consumed = CONSUMED[this.#inbound];
    if (received !== 0) {
      // Only now is the last message's slot free for the sender.
      Atomics.store(words, consumed, received);
      if (Atomics.load(words, this.#other) === FOR_ROOM) this.#wake(FOR_ROOM);
    }
    const sent = SENT[this.#inbound];
    while (Atomics.load(words, sent) === received) this.#awaitChange(sent, received, FOR_MESSAGE);
    this.#received = received + 1;
    return this.#inSlots[received & this.#mask]!;
  }

  /** Returns when the word differs from `seen`: looks a while, then sleeps. */
  #awaitChange(word: number, seen: number, reason: number): void {
    const words = this.#words;
    for (let look = 0; look < this.#spins; look++) {
      if (Atomics.load(words, word) !== seen) return;
    }
    Atomics.store(words, this.#self, reason);
    if (Atomics.load(words, word) === seen) this.#notifier!.wait();
    // The other side took the word, so its post is there or on its way and must be consumed.
    else if (Atomics.exchange(words, this.#self, AWAKE) === AWAKE) this.#notifier!.wait();
  }

  #wake(reason: number): void {
    if (Atomics.compareExchange(this.#words, this.#other, reason, AWAKE) === reason) {
      this.#notifier!.post();
    }
  }

  [Symbol.dispose](): void {
    this.#outSlots = [];
    this.#inSlots = [];
    this.#notifier?.[Symbol.dispose]();
    this.#region[Symbol.dispose]();
  }
}

/** The channel offer of a shared-memory facility: its region and a waiting strategy. */
export function channelOver(region: Offer<Region>): ChannelOffer {
  return {
    async create(options: CreateOptions): Promise<Created> {
      const ringBytes = Math.max(RING_BYTES, 2 * slotBytes(options.maxBytes));
      const shared = await region.create({ ...options, maxBytes: HEADER_BYTES + 2 * ringBytes });
      const waiting = await createWaiting(options.wait ?? "futex", options);
      return {
        link: { region: shared.link, waiting: waiting.link, ringBytes } satisfies RingLink,
        [Symbol.dispose]() {
          waiting[Symbol.dispose]();
          shared[Symbol.dispose]();
        },
      };
    },
    async attach(link: RingLink, role): Promise<Channel> {
      const shared = await region.attach(link.region, role);
      const [strategy, notifier] = await attachWaiting(link.waiting, role);
      return new RingChannel(shared, notifier, strategy, link.ringBytes, role);
    },
  };
}
