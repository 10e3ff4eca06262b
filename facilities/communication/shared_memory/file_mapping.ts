/**
 * A shared file mapping: a regular file whose pages in the kernel's cache are mapped by every
 * process that opens it.
 *
 * The file's pathname is what unrelated processes meet at, and what is written lands in the file in
 * the end: the content outlives the processes, and on a file system that lies on a disk even the
 * machine. Until then all see the same pages, as fast as any other memory, but a file system may
 * write-protect them again whenever it writes them back, which costs a page fault at the next
 * write. The link says on which file system the file lies.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/mmap.2.html mmap(2)}
 * @module
 */
import type { Created, CreateOptions, Facility, Link, Offer, Region } from "../../facility.ts";
import { created } from "../../created.ts";
import { limit } from "../../limits.ts";
import {
  allocateFile,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_RDWR,
  open,
} from "../../libc/fcntl.ts";
import { fileSystemOf } from "../../libc/files.ts";
import { Memory, wholePages } from "../../libc/memory.ts";
import { close, unlink } from "../../libc/unistd.ts";
import { channelOver } from "./ring.ts";

interface FileLink extends Link {
  path: string;
  bytes: number;
  /** The type of the file system it lies on, such as `ext4` or `tmpfs`. */
  fileSystem: string;
}

const region: Offer<Region> = {
  create({ maxBytes, scope }: CreateOptions): Created {
    using undo = new DisposableStack();
    const path = scope.path("mapping");
    const bytes = wholePages(maxBytes);
    const fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC);
    undo.defer(() => unlink(path));
    try {
      allocateFile(fd, bytes);
      return created({ path, bytes, fileSystem: fileSystemOf(fd) } satisfies FileLink, undo);
    } finally {
      close(fd);
    }
  },
  attach({ path, bytes }: FileLink): Region {
    const fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    try {
      const memory = Memory.map(fd, bytes).faultIn();
      return { memory, [Symbol.dispose]: () => memory[Symbol.dispose]() };
    } finally {
      close(fd);
    }
  },
};

export const facility: Facility = {
  id: "file-mapping",
  title: "Shared file mapping",
  summary: "A regular file's cached pages, mapped into every process that opens it.",
  origin: { family: "BSD", source: "4.2BSD manual (1983), SunOS 4.0 (1988); POSIX.1-2001 mmap()" },
  semantics: {
    boundaries: "none",
    identifier: "pathname",
    handle: "descriptor",
    accessibility: "permission-mask",
    persistence: "file-system",
    pollable: false,
    order: "none",
    destructiveReads: false,
    emptyBlocks: false,
    whenFull: "none",
    peek: true,
  },
  limits: () => [limit.temporaryFolderFree(), limit.rlimitFsize(), limit.rlimitNofile()],
  region,
  channel: channelOver(region),
};
