/**
 * A memfd: a file in memory that has no name, mapped by every process that inherits or is sent its
 * descriptor.
 *
 * It behaves as an object of POSIX shared memory whose name was never there: nobody else can find
 * it, and it is gone with its last descriptor and mapping.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/memfd_create.2.html memfd_create(2)}
 * @module
 */
import type { Created, CreateOptions, Facility, Link, Offer, Region } from "../../facility.ts";
import { created } from "../../created.ts";
import { limit } from "../../limits.ts";
import { allocateFile } from "../../libc/fcntl.ts";
import { Memory, wholePages } from "../../libc/memory.ts";
import { memfdCreate } from "../../libc/sys_mman.ts";
import { close } from "../../libc/unistd.ts";
import { channelOver } from "./ring.ts";

interface MemfdLink extends Link {
  /** The same number in every participant. */
  fd: number;
  bytes: number;
}

const region: Offer<Region> = {
  create({ maxBytes }: CreateOptions): Created {
    using undo = new DisposableStack();
    const bytes = wholePages(maxBytes);
    const fd = undo.adopt(memfdCreate("ipc-taxonomy"), close);
    allocateFile(fd, bytes);
    return created({ fd, bytes } satisfies MemfdLink, undo);
  },
  attach({ fd, bytes }: MemfdLink): Region {
    const memory = Memory.map(fd, bytes).faultIn();
    return { memory, [Symbol.dispose]: () => memory[Symbol.dispose]() };
  },
};

export const facility: Facility = {
  id: "memfd",
  title: "memfd",
  summary: "A nameless file in memory, mapped by every process that inherits its descriptor.",
  origin: { family: "Linux", source: "Linux 3.17 (2014); memfd_create(2)" },
  semantics: {
    boundaries: "none",
    identifier: "none",
    handle: "descriptor",
    accessibility: "related-processes",
    persistence: "process",
    pollable: false,
    order: "none",
    destructiveReads: false,
    emptyBlocks: false,
    whenFull: "none",
    peek: true,
  },
  limits: () => [limit.rlimitNofile()],
  region,
  channel: channelOver(region),
};
