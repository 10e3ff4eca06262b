/**
 * A mutex in shared memory: locked and unlocked by atomic instructions, the kernel called only when
 * there is somebody to wait for.
 *
 * It is process-shared and robust: when its holder dies, the kernel marks it, and the next who locks
 * it gets EOWNERDEAD. Whoever gets that owns the mutex, repairs what it protects and declares it
 * consistent. What these locks protect needs no repair, so they are taken over at once.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/pthread_mutexattr_setrobust.3.html
 * pthread_mutexattr_setrobust(3)}
 * @see Drepper, "Futexes Are Tricky" (2011)
 * @module
 */
import { type Created, type Facility, type Link, type Lock, LOCKS_OFFERED } from "../facility.ts";
import { checkReturned } from "../libc/errno.ts";
import type { Memory, Payload } from "../libc/memory.ts";
import {
  initSharedMutex,
  pthread_mutex_lock,
  pthread_mutex_unlock,
  takeOver,
} from "../libc/pthread.ts";
import { lockSet } from "../release.ts";
import { createSharedPage, mapSharedPage } from "../shared_page.ts";

interface MutexLink extends Link {
  page: number;
}

/** Bytes from one mutex to the next, so that none shares a cache line with another. */
const APART = 128;

function mutexesIn(memory: Memory): Payload[] {
  return Array.from({ length: LOCKS_OFFERED }, (_, index) => memory.slice(index * APART, APART));
}

// The mutexes are not destroyed: that is forbidden while a dead holder has them locked, and for a
// mutex in shared memory it frees nothing.
function create(): Created {
  const page = createSharedPage();
  using memory = mapSharedPage(page.fd);
  mutexesIn(memory).forEach(({ pointer }) => initSharedMutex(pointer));
  return {
    link: { page: page.fd } satisfies MutexLink,
    [Symbol.dispose]: () => page[Symbol.dispose](),
  };
}

function attach({ page }: MutexLink): Lock[] {
  const memory = mapSharedPage(page);
  const locks = mutexesIn(memory).map((mutex) => ({
    acquire() {
      const error = pthread_mutex_lock(mutex.pointer);
      if (error !== 0) takeOver("pthread_mutex_lock", mutex.pointer, error);
    },
    release() {
      const error = pthread_mutex_unlock(mutex.pointer);
      if (error !== 0) checkReturned("pthread_mutex_unlock", error);
    },
  }));
  return lockSet(locks, () => memory[Symbol.dispose]());
}

export const facility: Facility = {
  id: "mutex",
  title: "Mutex",
  summary: "A lock in shared memory that reports the death of its holder to the next one.",
  origin: { family: "POSIX", source: "POSIX.1c-1995; robust since POSIX.1-2008" },
  semantics: {
    boundaries: "none",
    identifier: "none",
    handle: "pointer",
    accessibility: "underlying-memory",
    persistence: "process",
    pollable: false,
    order: "none",
    destructiveReads: null,
    emptyBlocks: null,
    whenFull: "none",
    peek: false,
    holderDies: "reported",
  },
  limits: () => [],
  lock: { create, attach },
};
