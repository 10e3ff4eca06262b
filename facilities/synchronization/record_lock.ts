/**
 * What fcntl's two kinds of record lock share: byte ranges of one file, of which each is a lock.
 *
 * The file is empty; ranges beyond its end can be locked as well as any.
 *
 * @module
 */
import {
  type Created,
  type CreateOptions,
  type Link,
  type Lock,
  LOCKS_OFFERED,
} from "../facility.ts";
import { unlessInterrupted } from "../libc/errno.ts";
import {
  F_UNLCK,
  F_WRLCK,
  fcntl_flock,
  flockRange,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_RDWR,
  open,
} from "../libc/fcntl.ts";
import type { Struct } from "../libc/memory.ts";
import { close, unlink } from "../libc/unistd.ts";
import { lockSet, once } from "../release.ts";

interface FileLink extends Link {
  path: string;
}

/** Bytes of a range. */
const RANGE = 1;

export function createFile({ scope }: CreateOptions): Created {
  const path = scope.path("lock");
  close(open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC));
  return {
    link: { path } satisfies FileLink,
    [Symbol.dispose]: once(() => unlink(path)),
  };
}

/** Opens the file anew and locks its ranges by `command`, which waits. */
export function locksBy(command: number): (link: FileLink) => Lock[] {
  return ({ path }) => {
    const fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    const apply = (range: Struct) => {
      while (fcntl_flock(fd, command, range.pointer) !== 0) unlessInterrupted("fcntl");
    };
    const locks = Array.from({ length: LOCKS_OFFERED }, (_, index) => {
      const lock = flockRange(F_WRLCK, index * RANGE, RANGE);
      const unlock = flockRange(F_UNLCK, index * RANGE, RANGE);
      return {
        handles: [fd, fd] as const,
        acquire: () => apply(lock),
        release: () => apply(unlock),
      };
    });
    return lockSet(locks, () => close(fd));
  };
}
