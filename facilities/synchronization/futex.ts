/**
 * A futex: a word of shared memory on which a thread can sleep until another wakes it.
 *
 * The kernel is asked only to sleep and to wake; the state is the word itself, changed with atomic
 * instructions. Mutexes, semaphores and condition variables are built of it. As a notifier the word
 * counts the posts: `post` adds one and wakes, `wait` takes one or sleeps while there is none. As a
 * lock it is free, held, or held and waited for, so that nobody is woken where nobody sleeps.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/futex.7.html futex(7)}
 * @see Drepper, "Futexes Are Tricky" (2011)
 * @module
 */
import {
  type Created,
  type Facility,
  type Link,
  type Lock,
  LOCKS_OFFERED,
  type Notifier,
  type Role,
} from "../facility.ts";
import { futexWait, futexWake } from "../libc/linux_futex.ts";
import { loadAcquire } from "../ordered.ts";
import { lockSet } from "../release.ts";
import { createSharedPage, mapSharedPage } from "../shared_page.ts";

interface FutexLink extends Link {
  page: number;
}

/** Byte offsets of the two words, on cache lines of their own. */
const WORDS = { forth: 0, back: 128 };
/** Bytes from one lock's word to the next. */
const APART = 128;

/** What a lock's word says (Drepper's second mutex). */
const FREE = 0;
const HELD = 1;
const WAITED_FOR = 2;

function create(): Created {
  const page = createSharedPage();
  return {
    link: { page: page.fd } satisfies FutexLink,
    [Symbol.dispose]: () => page[Symbol.dispose](),
  };
}

function attachNotifier({ page }: FutexLink, role: Role): Notifier {
  const memory = mapSharedPage(page);
  const { words } = memory;
  const mine = role === "initiator" ? WORDS.back : WORDS.forth;
  const theirs = role === "peer" ? WORDS.back : WORDS.forth;
  const mineIndex = mine >> 2;
  const theirsIndex = theirs >> 2;
  const mineAddress = memory.at(mine);
  const theirsAddress = memory.at(theirs);

  return {
    post() {
      Atomics.add(words, theirsIndex, 1);
      futexWake(theirsAddress, 1);
    },
    wait() {
      for (;;) {
        const posts = loadAcquire(words, mineIndex);
        if (posts === 0) futexWait(mineAddress, 0);
        else if (Atomics.compareExchange(words, mineIndex, posts, posts - 1) === posts) return;
      }
    },
    [Symbol.dispose]: () => memory[Symbol.dispose](),
  };
}

function attachLocks({ page }: FutexLink): Lock[] {
  const memory = mapSharedPage(page);
  const { words } = memory;
  const locks = Array.from({ length: LOCKS_OFFERED }, (_, number) => {
    const index = (number * APART) >> 2;
    const address = memory.at(number * APART);
    return {
      acquire() {
        if (Atomics.compareExchange(words, index, FREE, HELD) === FREE) return;
        while (Atomics.exchange(words, index, WAITED_FOR) !== FREE) futexWait(address, WAITED_FOR);
      },
      release() {
        if (Atomics.exchange(words, index, FREE) === WAITED_FOR) futexWake(address, 1);
      },
    };
  });
  return lockSet(locks, () => memory[Symbol.dispose]());
}

export const facility: Facility = {
  id: "futex",
  title: "Futex",
  summary: "A word of shared memory to sleep on; the kernel only puts to sleep and wakes.",
  origin: { family: "Linux", source: "Linux 2.6 (2003); futex(2)" },
  semantics: {
    boundaries: "none",
    identifier: "none",
    handle: "pointer",
    accessibility: "underlying-memory",
    persistence: "process",
    pollable: false,
    order: "none",
    destructiveReads: null,
    emptyBlocks: true,
    whenFull: "none",
    peek: false,
    holderDies: "stuck",
  },
  limits: () => [],
  notifier: { create, attach: attachNotifier },
  lock: { create, attach: attachLocks },
};
