/**
 * POSIX shared memory: an object with a name such as `/board`, mapped by every process that opens
 * it.
 *
 * `shm_open` makes a file on a memory file system, which then gets its size and its memory, `mmap` puts the
 * same pages into each process. It lives until it is unlinked and nobody maps it any more. How one
 * process learns that another has written is not its business: that is the waiting strategy's.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/shm_overview.7.html shm_overview(7)}
 * @module
 */
import type { Created, CreateOptions, Facility, Link, Offer, Region } from "../../facility.ts";
import { created } from "../../created.ts";
import { limit } from "../../limits.ts";
import { allocateFile, O_CREAT, O_EXCL, O_RDWR } from "../../libc/fcntl.ts";
import { Memory, wholePages } from "../../libc/memory.ts";
import { shmOpen, shmUnlink } from "../../libc/sys_mman.ts";
import { close } from "../../libc/unistd.ts";
import { channelOver } from "./ring.ts";

interface ShmLink extends Link {
  name: string;
  bytes: number;
}

const region: Offer<Region> = {
  create({ maxBytes, scope }: CreateOptions): Created {
    using undo = new DisposableStack();
    const name = scope.posixName("shm");
    const bytes = wholePages(maxBytes);
    const fd = shmOpen(name, O_RDWR | O_CREAT | O_EXCL);
    undo.defer(() => shmUnlink(name));
    try {
      allocateFile(fd, bytes);
      return created({ name, bytes } satisfies ShmLink, undo);
    } finally {
      close(fd);
    }
  },
  attach({ name, bytes }: ShmLink): Region {
    const fd = shmOpen(name, O_RDWR);
    try {
      const memory = Memory.map(fd, bytes).faultIn();
      return { memory, [Symbol.dispose]: () => memory[Symbol.dispose]() };
    } finally {
      close(fd);
    }
  },
};

export const facility: Facility = {
  id: "posix-shared-memory",
  title: "POSIX shared memory",
  summary: "Memory with a name, mapped into every process that opens it.",
  origin: { family: "POSIX", source: "POSIX.1b-1993; POSIX.1-2001 shm_open()" },
  semantics: {
    boundaries: "none",
    identifier: "posix-name",
    handle: "descriptor",
    accessibility: "permission-mask",
    persistence: "kernel",
    pollable: false,
    order: "none",
    destructiveReads: false,
    emptyBlocks: false,
    whenFull: "none",
    peek: true,
  },
  limits: () => [limit.shmFolderSize(), limit.shmFolderFree(), limit.rlimitNofile()],
  region,
  channel: channelOver(region),
};
