/**
 * What a facility is to the rest of the suite: a description, and up to four offers.
 *
 * A facility offers capabilities: a **channel** moves data, a **notifier** lets one participant wake
 * another, a **lock** admits one at a time, a **region** is memory that several share. For each one
 * it offers, it says how to `create` the kernel objects (once, by the initiator) and how to `attach`
 * to them (once by every participant). What of it can be checked is defined in
 * `facility_schema.ts`.
 *
 * @module
 */
import type * as v from "valibot";
import type * as schema from "./facility_schema.ts";
import type { Limit } from "./limits.ts";
import type { Memory, Payload } from "./libc/memory.ts";
import type { Journal } from "./journal.ts";

export type { Journal, Limit, Memory, Payload };

/**
 * The numbers behind an endpoint: descriptors, message queue descriptors or System V ids, as
 * `semantics.handle` says. The claims' experiments go to the kernel with them.
 */
export type Handles = readonly [reads: number, writes: number];

/**
 * Moves messages between two participants. All methods block; none allocates once prepared.
 *
 * A byte stream keeps no boundaries, so both sides name the length of what they expect.
 */
export interface Channel extends Disposable {
  readonly handles?: Handles;
  /** Called by both sides while the channel is empty: messages of up to `length` bytes follow. */
  prepare(length: number): void;
  /** Where to write the next message. Waits for room where the memory is shared. */
  outgoing(): Payload;
  /** Sends the first `length` bytes of `outgoing()`. */
  send(length: number): void;
  /** Receives a message of `length` bytes; it stays valid until the next `receive`. */
  receive(length: number): Payload;
  /**
   * Where messages may be lost: how many of the other side's never came, so far. Each of them lets
   * one `receive` return without a message, so that calls and messages stay in step; all bytes of
   * the payload are then 255.
   */
  readonly lost?: number;
  /**
   * Sends the message in `outgoing()`, `length` bytes, again and again until one would have to wait
   * for room; returns the bytes that went in. Of a byte stream's last message that may be a part.
   */
  sendUntilFull?(length: number): number;
  /** The bytes that its kernel object declares to have room for, in messages of `length` bytes. */
  declaredCapacity?(length: number): number | undefined;
  /**
   * What `send` and `receive` call in turn and a loop over them cannot take in, because it differs from
   * one setup to the next: compiled by itself, before it is timed.
   */
  readonly inner?: readonly ((...values: never[]) => unknown)[];
}

/** Wakes the other participant. A post that nobody waits for yet is kept, at least one of them. */
export interface Notifier extends Disposable {
  readonly handles?: Handles;
  post(): void;
  /** Sleeps until there is a post from the other side, and takes it. */
  wait(): void;
}

/** Admits one participant at a time. */
export interface Lock extends Disposable {
  readonly handles?: Handles;
  acquire(): void;
  release(): void;
}

/** How many locks an offer makes at least; `lock-hand-off` rotates over them. */
export const LOCKS_OFFERED = 3;

/** Memory that all who attach see. */
export interface Region extends Disposable {
  readonly handles?: Handles;
  readonly memory: Memory;
}

/** The capabilities by name. A lock is offered as a set of independent ones. */
export interface Capabilities {
  channel: Channel;
  notifier: Notifier;
  lock: readonly Lock[];
  region: Region;
}

export type Capability = keyof Capabilities;
export type Participants = "process" | "thread";

/**
 * Which end of a link a participant takes. `solo` takes both: what it posts, it waits for itself;
 * what it sends, it receives.
 */
export type Role = "initiator" | "peer" | "solo";

/** What a participant must know to attach: plain JSON, or structured clone between threads. */
// deno-lint-ignore no-explicit-any
export type Link = Readonly<Record<string, any>>;

export interface CreateOptions {
  /** One of the facility's variants; the first when absent. */
  readonly variant?: string;
  /** Largest message that will be sent, or bytes of the region. */
  readonly maxBytes: number;
  readonly participants: Participants;
  /** How many participants will attach. */
  readonly count: number;
  /** Waiting strategy of a channel over shared memory. */
  readonly wait?: string;
  /** One of the offer's `capacities` to ask the kernel for. */
  readonly capacityBytes?: number;
  /** Gives out names for kernel objects and remembers them. */
  readonly scope: Journal;
}

/** What `create` made: the link to it, and the disposer that removes all of it from the kernel. */
export interface Created extends Disposable {
  readonly link: Link;
}

/** How one capability of a facility comes into being. */
export type Offer<T> = v.InferOutput<ReturnType<typeof schema.offerSchema<T>>>;
export type ChannelOffer = v.InferOutput<typeof schema.ChannelOfferSchema>;
/** What the taxonomy says of a facility; the claims prove it by experiment. */
export type Semantics = v.InferOutput<typeof schema.SemanticsSchema>;
export type Variant = v.InferOutput<typeof schema.VariantSchema>;
export type Origin = v.InferOutput<typeof schema.OriginSchema>;
/** One leaf of the taxonomy. */
export type Facility = v.InferOutput<typeof schema.FacilitySchema>;
