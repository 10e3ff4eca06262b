/**
 * An eventfd: a 64-bit counter in the kernel, held by a descriptor that `poll` understands.
 *
 * A write adds to the counter. A read takes all of it and leaves 0 (or takes one, with
 * `EFD_SEMAPHORE`), and sleeps while it is 0. A write that would bring it to 2⁶⁴ - 1 or above sleeps
 * until somebody reads.
 *
 * As a channel it carries one message, which is the number that is added. Every message has the top
 * bit set, so that two never fit into the counter: the second sender sleeps until the first message
 * is read, and no two are added up. Seven bytes of the eight are left for the message. A counter
 * read one by one carries nothing but its being there, so that `semaphore` is no channel.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/eventfd.2.html eventfd(2)}
 * @module
 */
import { type Direction, directionsOf } from "../directions.ts";
import type {
  Channel,
  Created,
  CreateOptions,
  Facility,
  Handles,
  Link,
  Notifier,
  Payload,
  Role,
} from "../facility.ts";
import { limit } from "../limits.ts";
import { unlessInterrupted } from "../libc/errno.ts";
import { Struct } from "../libc/memory.ts";
import { EFD_SEMAPHORE, eventfd } from "../libc/sys_eventfd.ts";
import { close, read, write } from "../libc/unistd.ts";
import { once } from "../release.ts";

/** Two counters, one for each direction. */
interface CounterLink extends Link {
  counters: Record<Direction, number>;
}

const TOP_BYTE = 7;
const TOP_BIT = 0x80;

function create({ variant }: CreateOptions): Created {
  const flags = variant === "semaphore" ? EFD_SEMAPHORE : 0;
  const counters: [number, number] = [eventfd(0, flags), eventfd(0, flags)];
  return {
    link: { counters } satisfies CounterLink,
    [Symbol.dispose]: once(() => counters.forEach(close)),
  };
}

/** Adds a number to a counter; sleeps while it does not fit. */
function add(counter: number, number: Struct): void {
  while (write(counter, number.pointer, 8n) !== 8) unlessInterrupted("write");
}

/** Takes a counter's value; sleeps while it is 0. */
function take(counter: number, number: Struct): void {
  while (read(counter, number.pointer, 8n) !== 8) unlessInterrupted("read");
}

function attachNotifier({ counters }: CounterLink, role: Role): Notifier {
  const { outbound, inbound } = directionsOf(role);
  const theirs = counters[outbound];
  const mine = counters[inbound];
  const one = new Struct(8).setI64(0, 1);
  const taken = new Struct(8);
  return {
    handles: [mine, theirs],
    post: () => add(theirs, one),
    wait: () => take(mine, taken),
    [Symbol.dispose]() {},
  };
}

class CounterChannel implements Channel {
  readonly handles: Handles;
  readonly #theirs: number;
  readonly #mine: number;
  readonly #out = new Struct(8);
  readonly #in = new Struct(8);

  constructor({ counters }: CounterLink, role: Role) {
    const { outbound, inbound } = directionsOf(role);
    this.#theirs = counters[outbound];
    this.#mine = counters[inbound];
    this.handles = [this.#mine, this.#theirs];
  }

  /** @throws {RangeError} for more than 7 bytes */
  prepare(length: number): void {
    const { value } = limit.eventfdPayload();
    if (length > value) {
      throw new RangeError(
        `Cannot send ${length} bytes by an eventfd: it carries at most ${value}`,
      );
    }
    this.#out.bytes.fill(0);
  }

  outgoing(): Payload {
    return this.#out;
  }

  send(_length: number): void {
    this.#out.bytes[TOP_BYTE] = TOP_BIT;
    add(this.#theirs, this.#out);
  }

  receive(_length: number): Payload {
    take(this.#mine, this.#in);
    return this.#in;
  }

  [Symbol.dispose](): void {}
}

export const facility: Facility = {
  id: "eventfd",
  title: "eventfd",
  summary: "A 64-bit counter in the kernel, held by a descriptor; reading it takes the count.",
  origin: { family: "Linux", source: "Linux 2.6.22 (2007); eventfd(2)" },
  semantics: {
    boundaries: "none",
    identifier: "none",
    handle: "descriptor",
    accessibility: "related-processes",
    persistence: "process",
    pollable: true,
    order: "none",
    destructiveReads: true,
    emptyBlocks: true,
    whenFull: "blocks",
    peek: false,
  },
  variants: [
    { id: "counter", summary: "A read takes the whole count." },
    { id: "semaphore", summary: "EFD_SEMAPHORE: a read takes one off the count." },
  ],
  limits: () => [limit.eventfdPayload(), limit.rlimitNofile()],
  channel: {
    create,
    attach: (link: CounterLink, role) => new CounterChannel(link, role),
    largestMessage: () => limit.eventfdPayload(),
    variants: ["counter"],
  },
  notifier: { create, attach: attachNotifier },
};
