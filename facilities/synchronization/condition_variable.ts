/**
 * A condition variable in shared memory: sleep until somebody says that a condition may hold now.
 *
 * It remembers nothing. What is waited for is a word next to it, which only the holder of its mutex
 * may touch; the waiter gives the mutex back while it sleeps and looks again when it wakes. Here the
 * word counts the posts. Mutex and condition variable are process-shared, and the mutex is robust,
 * so that a participant that dies leaves no one stuck.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/pthread_cond_wait.3p.html pthread_cond_wait(3p)}
 * @module
 */
import { type Direction, directionsOf } from "../directions.ts";
import type { Created, Facility, Link, Notifier, Role } from "../facility.ts";
import { checkReturned } from "../libc/errno.ts";
import type { Memory, Payload } from "../libc/memory.ts";
import {
  initSharedCondition,
  initSharedMutex,
  pthread_cond_signal,
  pthread_cond_wait,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  takeOver,
} from "../libc/pthread.ts";
import { createSharedPage, mapSharedPage } from "../shared_page.ts";

interface ConditionLink extends Link {
  page: number;
}

/** Byte offsets of a direction's mutex, condition variable and count of posts. */
const MUTEX = 0;
const CONDITION = 64;
const POSTS = 128;
/** Bytes from one direction to the other. */
const APART = 256;

function create(): Created {
  const page = createSharedPage();
  using memory = mapSharedPage(page.fd);
  for (const direction of [0, 1]) {
    initSharedMutex(memory.at(direction * APART + MUTEX));
    initSharedCondition(memory.at(direction * APART + CONDITION));
  }
  return {
    link: { page: page.fd } satisfies ConditionLink,
    [Symbol.dispose]: () => page[Symbol.dispose](),
  };
}

/** The posts of one direction. */
class Posts {
  readonly #words: Int32Array<ArrayBuffer>;
  readonly #mutex: Payload;
  readonly #condition: Payload;
  readonly #count: number;

  constructor(memory: Memory, direction: Direction) {
    this.#words = memory.words;
    this.#mutex = memory.slice(direction * APART + MUTEX, CONDITION - MUTEX);
    this.#condition = memory.slice(direction * APART + CONDITION, POSTS - CONDITION);
    this.#count = (direction * APART + POSTS) >> 2;
  }

  add(): void {
    this.#lock();
    this.#words[this.#count]!++;
    const error = pthread_cond_signal(this.#condition.pointer);
    if (error !== 0) checkReturned("pthread_cond_signal", error);
    this.#unlock();
  }

  take(): void {
    this.#lock();
    while (this.#words[this.#count] === 0) {
      const error = pthread_cond_wait(this.#condition.pointer, this.#mutex.pointer);
      if (error !== 0) takeOver("pthread_cond_wait", this.#mutex.pointer, error);
    }
    this.#words[this.#count]!--;
    this.#unlock();
  }

  #lock(): void {
    const error = pthread_mutex_lock(this.#mutex.pointer);
    if (error !== 0) takeOver("pthread_mutex_lock", this.#mutex.pointer, error);
  }

  #unlock(): void {
    const error = pthread_mutex_unlock(this.#mutex.pointer);
    if (error !== 0) checkReturned("pthread_mutex_unlock", error);
  }
}

function attach({ page }: ConditionLink, role: Role): Notifier {
  const memory = mapSharedPage(page);
  const { outbound, inbound } = directionsOf(role);
  const theirs = new Posts(memory, outbound);
  const mine = new Posts(memory, inbound);
  return {
    post: () => theirs.add(),
    wait: () => mine.take(),
    [Symbol.dispose]: () => memory[Symbol.dispose](),
  };
}

export const facility: Facility = {
  id: "condition-variable",
  title: "Condition variable",
  summary: "Sleep in shared memory until told that a condition, guarded by a mutex, may hold.",
  origin: { family: "POSIX", source: "POSIX.1c-1995; POSIX.1-2001 pthread_cond_wait()" },
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
  },
  limits: () => [],
  notifier: { create, attach },
};
