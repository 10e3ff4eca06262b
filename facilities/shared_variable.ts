/**
 * Shared variables: what the threads of one process have in common anyway, and what they usually
 * exchange data through. Beside the taxonomy, as the measure for what is in it.
 *
 * In JavaScript the variables are the elements of a `SharedArrayBuffer`; `Atomics` changes them,
 * and `Atomics.wait` and `Atomics.notify` put to sleep and wake. Nothing here goes through FFI, but
 * the payload of a message can be handed to it.
 *
 * @see {@link https://tc39.es/ecma262/#sec-atomics-object ECMAScript, the Atomics object}
 * @module
 */
import { regionBytes, RingChannel } from "./communication/shared_memory/ring.ts";
import type { Waiting } from "./communication/shared_memory/waiting.ts";
import { directionsOf } from "./directions.ts";
import {
  type Channel,
  type Created,
  type CreateOptions,
  type Facility,
  type Link,
  type Lock,
  LOCKS_OFFERED,
  type Notifier,
  type Role,
} from "./facility.ts";
import { Memory } from "./libc/memory.ts";

interface VariableLink extends Link {
  variables: SharedArrayBuffer;
  spins: boolean;
  maxBytes: number;
}

/** Bytes of the words to wait on; the ring of a channel lies behind them. */
const WORD_BYTES = 4_096;
/** Indices of words two cache lines apart: prefetchers fetch lines in pairs. */
const WORDS_APART = 32;

/** What a lock's word says (Drepper, "Futexes Are Tricky", 2011: the second mutex). */
const FREE = 0;
const HELD = 1;
const WAITED_FOR = 2;

function create({ variant, maxBytes }: CreateOptions): Created {
  const variables = new SharedArrayBuffer(WORD_BYTES + regionBytes(maxBytes));
  return {
    link: { variables, spins: variant === "spin", maxBytes } satisfies VariableLink,
    [Symbol.dispose]() {},
  };
}

function wordsOf({ variables }: VariableLink): Int32Array<SharedArrayBuffer> {
  return new Int32Array(variables, 0, WORD_BYTES / 4);
}

/** Each word counts the posts of one direction. */
function attachNotifier(link: VariableLink, role: Role): Notifier {
  const { outbound, inbound } = directionsOf(role);
  const [mine, theirs] = [inbound * WORDS_APART, outbound * WORDS_APART];
  const words = wordsOf(link);
  const { spins } = link;
  return {
    post() {
      Atomics.add(words, theirs, 1);
      if (!spins) Atomics.notify(words, theirs, 1);
    },
    wait() {
      for (;;) {
        const posts = Atomics.load(words, mine);
        if (posts !== 0) {
          if (Atomics.compareExchange(words, mine, posts, posts - 1) === posts) return;
        } else if (!spins) Atomics.wait(words, mine, 0);
      }
    },
    [Symbol.dispose]() {},
  };
}

function attachLocks(link: VariableLink): Lock[] {
  const words = wordsOf(link);
  return Array.from({ length: LOCKS_OFFERED }, (_, number) => {
    const index = number * WORDS_APART;
    return link.spins ? spinLock(words, index) : sleepingLock(words, index);
  });
}

/** Test and test-and-set: it looks until the word is free, and only then tries to write it. */
function spinLock(words: Int32Array<SharedArrayBuffer>, index: number): Lock {
  return {
    acquire() {
      while (Atomics.compareExchange(words, index, FREE, HELD) !== FREE) {
        while (Atomics.load(words, index) !== FREE);
      }
    },
    release: () => void Atomics.store(words, index, FREE),
    [Symbol.dispose]() {},
  };
}

function sleepingLock(words: Int32Array<SharedArrayBuffer>, index: number): Lock {
  return {
    acquire() {
      if (Atomics.compareExchange(words, index, FREE, HELD) === FREE) return;
      while (Atomics.exchange(words, index, WAITED_FOR) !== FREE) {
        Atomics.wait(words, index, WAITED_FOR);
      }
    },
    release() {
      if (Atomics.exchange(words, index, FREE) === WAITED_FOR) Atomics.notify(words, index, 1);
    },
    [Symbol.dispose]() {},
  };
}

function attachChannel(link: VariableLink, role: Role): Channel {
  const { variables, spins, maxBytes } = link;
  const memory = Memory.over(variables, WORD_BYTES, regionBytes(maxBytes)).faultIn();
  const region = { memory, [Symbol.dispose]: () => memory[Symbol.dispose]() };
  const waiting: Waiting = spins
    ? { spins: Infinity }
    : { spins: 0, notifier: attachNotifier(link, role) };
  return new RingChannel(region, waiting, maxBytes, role);
}

export const facility: Facility = {
  id: "shared-variable",
  title: "Shared variable",
  summary: "A SharedArrayBuffer that the threads of one process have in common.",
  origin: { family: "ECMAScript", source: "ECMAScript 2017, SharedArrayBuffer and Atomics" },
  semantics: {
    boundaries: "none",
    identifier: "none",
    handle: "pointer",
    accessibility: "same-process",
    persistence: "process",
    pollable: false,
    order: "none",
    destructiveReads: false,
    emptyBlocks: false,
    whenFull: "none",
    peek: true,
    holderDies: "stuck",
  },
  variants: [
    { id: "wait-notify", summary: "Sleeps in Atomics.wait until Atomics.notify wakes it." },
    { id: "spin", summary: "Looks at the variable until it changes.", spins: true },
  ],
  limits: () => [],
  usualParticipants: "thread",
  inapplicable: (participants) =>
    participants === "process" ? "the threads of one process alone share its variables" : null,
  channel: { create, attach: attachChannel },
  notifier: { create, attach: attachNotifier },
  lock: { create, attach: attachLocks },
};
