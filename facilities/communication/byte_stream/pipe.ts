/**
 * A pipe: the oldest Unix facility, a byte stream in kernel memory with one end to read from and
 * one to write to.
 *
 * It has no name. Only processes that inherit its descriptors, or are sent them, can use it. It
 * holds 65,536 bytes unless told otherwise (`F_SETPIPE_SZ`), in pages: writes that do not fill pages
 * fit less. Writes of up to `PIPE_BUF` (4,096) bytes are atomic.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/pipe.7.html pipe(7)}
 * @module
 */
import { created } from "../../created.ts";
import type { Created, CreateOptions, Facility, Link, Role } from "../../facility.ts";
import { limit } from "../../limits.ts";
import { F_SETPIPE_SZ, fcntl } from "../../libc/fcntl.ts";
import { close, pipe2 } from "../../libc/unistd.ts";
import { doorbell } from "./doorbell.ts";
import { StreamChannel } from "./stream.ts";

/** Two pipes, one for each direction. */
interface PipeLink extends Link {
  /** From the initiator to its peer: `[read end, write end]`. */
  forth: [number, number];
  back: [number, number];
  maxBytes: number;
}

/** What `F_SETPIPE_SZ` is tried with: one page, and the most that every user may ask for. */
export const pipeCapacities = () => [4096, limit.pipeMaxSize().value];

function create({ maxBytes, capacityBytes }: CreateOptions): Created {
  using undo = new DisposableStack();
  const pipe = () => {
    const ends = pipe2();
    for (const end of ends) undo.adopt(end, close);
    return ends;
  };
  const forth = pipe();
  const back = pipe();
  if (capacityBytes) fcntl(forth[1], F_SETPIPE_SZ, capacityBytes);
  return created({ forth, back, maxBytes } satisfies PipeLink, undo);
}

/** The descriptors a role reads from and writes to. */
function ends({ forth, back }: PipeLink, role: Role): [readEnd: number, writeEnd: number] {
  switch (role) {
    case "initiator":
      return [back[0], forth[1]];
    case "peer":
      return [forth[0], back[1]];
    case "solo":
      return forth;
  }
}

export const facility: Facility = {
  id: "pipe",
  title: "Pipe",
  summary: "A byte stream in kernel memory between processes that inherit its two descriptors.",
  origin: { family: "Unix", source: "Third Edition Unix (1973); POSIX.1-2001 pipe()" },
  semantics: {
    boundaries: "stream",
    identifier: "none",
    handle: "descriptor",
    accessibility: "related-processes",
    persistence: "process",
    pollable: true,
    order: "sending",
    destructiveReads: true,
    emptyBlocks: true,
    whenFull: "blocks",
    peek: false,
  },
  limits: () => [limit.pipeCapacity(), limit.pipeMaxSize(), limit.pipeBuf()],
  channel: {
    create,
    attach: (link: PipeLink, role) => new StreamChannel(...ends(link, role), link.maxBytes),
    capacities: pipeCapacities,
    manyPeers: true,
  },
  notifier: {
    create,
    attach: (link: PipeLink, role) => doorbell(...ends(link, role)),
  },
};
