/**
 * A BSD file lock: a whole file that one open file description at a time may lock.
 *
 * It belongs to the open file description: processes that inherited the descriptor share the lock,
 * and it is released when the last of them closes it. Each lock is a file of its own, which each
 * participant opens for itself. Waiting in a circle is not noticed.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/flock.2.html flock(2)}
 * @module
 */
import {
  type Created,
  type CreateOptions,
  type Facility,
  type Link,
  type Lock,
  LOCKS_OFFERED,
} from "../facility.ts";
import { limit } from "../limits.ts";
import { unlessInterrupted } from "../libc/errno.ts";
import { O_CLOEXEC, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, open } from "../libc/fcntl.ts";
import { flock, LOCK_EX, LOCK_UN } from "../libc/sys_file.ts";
import { close, unlink } from "../libc/unistd.ts";
import { once } from "../release.ts";

interface FilesLink extends Link {
  paths: string[];
}

function create({ scope }: CreateOptions): Created {
  const paths = Array.from({ length: LOCKS_OFFERED }, () => scope.path("flock"));
  for (const path of paths) close(open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC));
  return {
    link: { paths } satisfies FilesLink,
    [Symbol.dispose]: once(() => paths.forEach(unlink)),
  };
}

function attach({ paths }: FilesLink): Lock[] {
  return paths.map((path) => {
    const fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    return {
      handles: [fd, fd],
      acquire() {
        while (flock(fd, LOCK_EX) !== 0) unlessInterrupted("flock");
      },
      release() {
        while (flock(fd, LOCK_UN) !== 0) unlessInterrupted("flock");
      },
      [Symbol.dispose]: once(() => close(fd)),
    };
  });
}

export const facility: Facility = {
  id: "flock",
  title: "flock",
  summary: "A whole file, locked by one open file description at a time.",
  origin: { family: "BSD", source: "4.2BSD (1983); flock(2)" },
  semantics: {
    boundaries: "none",
    identifier: "pathname",
    handle: "descriptor",
    accessibility: "permission-mask",
    persistence: "process",
    pollable: false,
    order: "none",
    destructiveReads: null,
    emptyBlocks: null,
    whenFull: "none",
    peek: false,
    holderDies: "released",
    lockOwner: "open-file",
  },
  limits: () => [limit.rlimitNofile()],
  lock: { create, attach },
};
