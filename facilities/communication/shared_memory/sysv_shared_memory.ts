/**
 * A System V shared memory segment: memory found by a key and attached at an address.
 *
 * It has its size from the beginning and is no file: there is no descriptor, and no permission is
 * asked again once it is attached. It lives in the kernel until it is removed and the last process
 * detaches it.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/shmop.2.html shmop(2)}
 * @module
 */
import type { Created, CreateOptions, Facility, Link, Offer, Region } from "../../facility.ts";
import { created } from "../../created.ts";
import { assertWithin, limit } from "../../limits.ts";
import { Memory, wholePages } from "../../libc/memory.ts";
import { IPC_CREAT, IPC_EXCL, isTaken } from "../../libc/sys_ipc.ts";
import { removeSegment, shmat, shmdt, shmget } from "../../libc/sys_shm.ts";
import { channelOver } from "./ring.ts";

interface SegmentLink extends Link {
  key: number;
  bytes: number;
}

const region: Offer<Region> = {
  create({ maxBytes, scope }: CreateOptions): Created {
    using undo = new DisposableStack();
    const key = scope.key("sysv-shm", (key) => isTaken(() => shmget(key)));
    const bytes = wholePages(maxBytes);
    assertWithin(limit.shmmax(), bytes);
    undo.adopt(shmget(key, bytes, IPC_CREAT | IPC_EXCL | 0o600), removeSegment);
    return created({ key, bytes } satisfies SegmentLink, undo);
  },
  attach({ key, bytes }: SegmentLink): Region {
    const memory = Memory.adopt(shmat(shmget(key)), bytes, shmdt).faultIn();
    return { memory, [Symbol.dispose]: () => memory[Symbol.dispose]() };
  },
};

export const facility: Facility = {
  id: "sysv-shared-memory",
  title: "System V shared memory",
  summary: "A segment of memory found by a key and attached by every process that knows it.",
  origin: { family: "System V", source: "Columbus Unix, System V (1983); POSIX.1-2001 shmget()" },
  semantics: {
    boundaries: "none",
    identifier: "key",
    handle: "ipc-id",
    accessibility: "permission-mask",
    persistence: "kernel",
    pollable: false,
    order: "none",
    destructiveReads: false,
    emptyBlocks: false,
    whenFull: "none",
    peek: true,
  },
  limits: () => [limit.shmmax(), limit.shmall(), limit.shmmni()],
  region,
  channel: channelOver(region),
};
