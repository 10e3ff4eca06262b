/**
 * A named POSIX semaphore: a counter that processes find by a name such as `/turn`.
 *
 * The C library keeps it in a file on a memory file system (`/dev/shm/sem.turn`), mapped by whoever
 * opens it; the kernel is called only to sleep and to wake. It lives until it is unlinked and the
 * last process closes it, or the machine goes down. Nothing is undone for a process that dies.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/sem_open.3.html sem_open(3)}
 * @module
 */
import type { Created, CreateOptions, Facility, Link } from "../facility.ts";
import { limit } from "../limits.ts";
import { O_CREAT, O_EXCL } from "../libc/fcntl.ts";
import { Borrowed } from "../libc/memory.ts";
import { semClose, semOpen, semUnlink } from "../libc/semaphore.ts";
import { once } from "../release.ts";
import { LOCK, locksOver, NOTIFIER, notifierOver } from "./posix_semaphore.ts";

interface NamesLink extends Link {
  names: string[];
}

function createNamed({ scope }: CreateOptions, { count, value }: typeof NOTIFIER): Created {
  const names = Array.from({ length: count }, () => scope.posixName("sem"));
  for (const name of names) semClose(semOpen(name, O_CREAT | O_EXCL, value));
  return {
    link: { names } satisfies NamesLink,
    [Symbol.dispose]: once(() => names.forEach(semUnlink)),
  };
}

const opened = ({ names }: NamesLink) =>
  names.map((name) => new Borrowed(semOpen(name, 0), semClose));

export const facility: Facility = {
  id: "posix-named-semaphore",
  title: "POSIX named semaphore",
  summary: "A counter with a name, kept in shared memory; the kernel only puts to sleep and wakes.",
  origin: { family: "POSIX", source: "POSIX.1b-1993; POSIX.1-2001 sem_open()" },
  semantics: {
    boundaries: "none",
    identifier: "posix-name",
    handle: "pointer",
    accessibility: "permission-mask",
    persistence: "kernel",
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
    create: (options) => createNamed(options, NOTIFIER),
    attach(link: NamesLink, role) {
      const semaphores = opened(link);
      return notifierOver(
        semaphores,
        role,
        () => semaphores.forEach((each) => each[Symbol.dispose]()),
      );
    },
  },
  lock: {
    create: (options) => createNamed(options, LOCK),
    attach(link: NamesLink) {
      const semaphores = opened(link);
      return locksOver(semaphores, () => semaphores.forEach((each) => each[Symbol.dispose]()));
    },
  },
};
