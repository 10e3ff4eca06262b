/**
 * An unnamed POSIX semaphore: a counter in memory that its users share already.
 *
 * It has no name and no permissions of its own: whoever can write to the memory can use it. It
 * lives as long as the memory. Nothing is undone for a process that dies.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/sem_init.3.html sem_init(3)}
 * @module
 */
import type { Created, Facility, Link } from "../facility.ts";
import { limit } from "../limits.ts";
import type { Memory } from "../libc/memory.ts";
import { semDestroy, semInit, SIZEOF_SEM_T } from "../libc/semaphore.ts";
import { once } from "../release.ts";
import { createSharedPage, mapSharedPage } from "../shared_page.ts";
import { LOCK, locksOver, NOTIFIER, notifierOver, type Semaphore } from "./posix_semaphore.ts";

interface PageLink extends Link {
  page: number;
  count: number;
}

/** Bytes from one semaphore to the next, so that none shares a cache line with another. */
const APART = 128;

function semaphoresIn(memory: Memory, count: number): Semaphore[] {
  return Array.from({ length: count }, (_, index) => memory.slice(index * APART, SIZEOF_SEM_T));
}

function createUnnamed({ count, value }: typeof NOTIFIER): Created {
  const page = createSharedPage();
  const memory = mapSharedPage(page.fd);
  const semaphores = semaphoresIn(memory, count);
  for (const { pointer } of semaphores) semInit(pointer, value);
  return {
    link: { page: page.fd, count } satisfies PageLink,
    [Symbol.dispose]: once(() => {
      semaphores.forEach(({ pointer }) => semDestroy(pointer));
      memory[Symbol.dispose]();
      page[Symbol.dispose]();
    }),
  };
}

export const facility: Facility = {
  id: "posix-unnamed-semaphore",
  title: "POSIX unnamed semaphore",
  summary: "A counter in memory that its users share; the kernel only puts to sleep and wakes.",
  origin: { family: "POSIX", source: "POSIX.1b-1993; POSIX.1-2001 sem_init()" },
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
    whenFull: "refuses",
    peek: false,
    holderDies: "stuck",
  },
  limits: () => [limit.semValueMax()],
  notifier: {
    create: () => createUnnamed(NOTIFIER),
    attach({ page, count }: PageLink, role) {
      const memory = mapSharedPage(page);
      return notifierOver(semaphoresIn(memory, count), role, () => memory[Symbol.dispose]());
    },
  },
  lock: {
    create: () => createUnnamed(LOCK),
    attach({ page, count }: PageLink) {
      const memory = mapSharedPage(page);
      return locksOver(semaphoresIn(memory, count), () => memory[Symbol.dispose]());
    },
  },
};
