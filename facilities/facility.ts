/**
 * What a facility is to the rest of the suite: a description, and up to four offers.
 *
 * A facility offers capabilities: a **channel** moves data, a **notifier** lets one participant wake
 * another, a **lock** admits one at a time, a **region** is memory that several share. For each one
 * it offers, it says how to `create` the kernel objects (once, by the initiator) and how to `attach`
 * to them (once by every participant).
 *
 * @module
 */
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
export interface Offer<T> {
  /**
   * Makes the kernel objects. Runs in the initiator; peers that are processes are handed its
   * descriptors without `FD_CLOEXEC` and have them under the same numbers, as children would.
   *
   * @throws {SystemCallError} with the errno of whatever the kernel refuses
   */
  create(options: CreateOptions): Created | Promise<Created>;
  /** Takes one end. May wait until the other participant does the same. */
  attach(link: Link, role: Role): T | Promise<T>;
  /** The variants that make sense for this capability; all of the facility's when absent. */
  readonly variants?: readonly string[];
}

export interface ChannelOffer extends Offer<Channel> {
  /** The largest message this machine lets the facility carry; absent or undefined where nothing does. */
  largestMessage?(variant?: string): Limit | undefined;
  /** True where several peers may share the initiator's other end. */
  readonly manyPeers?: boolean;
  /** Capacities in bytes that `create` can ask for, where it can be chosen. */
  capacities?(): readonly number[];
  /** True where messages may be lost instead of the sender being held back. */
  readonly lossy?: boolean;
}

/** What the taxonomy says of a facility; the claims prove it by experiment. */
export interface Semantics {
  /** How data is delimited; `none` where no data is transferred. */
  readonly boundaries: "stream" | "message" | "none";
  /** By what name an unrelated process finds the object. */
  readonly identifier:
    | "none"
    | "pathname"
    | "key"
    | "posix-name"
    | "address-and-port"
    | "process-id";
  /** By what a process holds it once opened. */
  readonly handle: "descriptor" | "message-queue-descriptor" | "ipc-id" | "pointer" | "none";
  readonly accessibility:
    | "related-processes"
    | "permission-mask"
    | "any-process"
    | "underlying-memory"
    | "same-user"
    | "same-process";
  /** What has to end before the object and its content do. */
  readonly persistence: "process" | "kernel" | "file-system";
  /** Whether `poll` works on its handle. */
  readonly pollable: boolean;
  /** In what order what was sent is received. */
  readonly order: "sending" | "priority" | "type" | "signal-number" | "none";
  /** Whether what one reader takes is gone for all others; null where nothing is read. */
  readonly destructiveReads: boolean | null;
  /** Whether a reader of an empty facility sleeps until someone writes; null where none reads. */
  readonly emptyBlocks: boolean | null;
  /** What happens to a writer when the facility is full. */
  readonly whenFull: "blocks" | "loses" | "refuses" | "coalesces" | "none";
  /** Whether data can be looked at without taking it (`MSG_PEEK`). */
  readonly peek: boolean;
  /** Whether one message can reach several receivers at once. */
  readonly oneToMany?: boolean;
  /** Whether each of several can connect to it by its name and then has an end of its own. */
  readonly connections?: boolean;
  /** What becomes of a lock or semaphore whose holder dies; absent where nothing is held. */
  readonly holderDies?: "released" | "reported" | "undone" | "stuck";
  /** To whom a file lock belongs: the process, or the open file that several may hold. */
  readonly lockOwner?: "process" | "open-file";
}

export interface Variant {
  readonly id: string;
  /** @default its id */
  readonly title?: string;
  /** What is different about it, in one sentence. */
  readonly summary: string;
  /** True where who waits keeps looking, which makes no sense where all share one CPU. */
  readonly spins?: boolean;
  /** Where its semantics are not the facility's. */
  readonly semantics?: Partial<Semantics>;
}

export interface Origin {
  readonly family: "System V" | "BSD" | "POSIX" | "Linux" | "Unix" | "ECMAScript";
  /** Where that is written. */
  readonly source: string;
}

/** One leaf of the taxonomy. */
export interface Facility {
  /** Lower case, words joined by hyphens. */
  readonly id: string;
  readonly title: string;
  /** What it is, in one or two sentences. */
  readonly summary: string;
  readonly origin: Origin;
  readonly semantics: Semantics;
  /** The first is the default. */
  readonly variants?: readonly Variant[];
  /** The kernel's limits on it, each with the place it was read from. */
  limits(): Limit[];
  /** Between what it is measured when nothing else is asked for. @default "process" */
  readonly usualParticipants?: Participants;
  /** Why it cannot serve such participants here, or null when it can. */
  inapplicable?(participants: Participants): string | null;
  /** What has to stand beside every figure of it with such participants, or null. */
  remark?(participants: Participants): string | null;
  readonly channel?: ChannelOffer;
  readonly notifier?: Offer<Notifier>;
  readonly lock?: Offer<readonly Lock[]>;
  readonly region?: Offer<Region>;
}
