/**
 * A FIFO, or named pipe: a pipe that unrelated processes find by a pathname.
 *
 * Only the name lives in the file system; the data stays in kernel memory and is gone when the last
 * descriptor closes. Opening one end normally waits for the other end to be opened, which deadlocks
 * two processes that open a pair of FIFOs in opposite order. Here each first opens the end it reads
 * from, which `O_NONBLOCK` lets through at once, and then the one it writes to.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/fifo.7.html fifo(7)}
 * @module
 */
import { created } from "../../created.ts";
import type { Created, CreateOptions, Facility, Link, Role } from "../../facility.ts";
import { limit } from "../../limits.ts";
import {
  F_SETPIPE_SZ,
  fcntl,
  O_CLOEXEC,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
  open,
  setNonBlocking,
} from "../../libc/fcntl.ts";
import { mkfifo } from "../../libc/sys_stat.ts";
import { close, unlink } from "../../libc/unistd.ts";
import { doorbell } from "./doorbell.ts";
import { pipeCapacities } from "./pipe.ts";
import { StreamChannel } from "./stream.ts";

/** Two FIFOs, one for each direction. */
interface FifoLink extends Link {
  /** From the initiator to its peer. */
  forth: string;
  back: string;
  maxBytes: number;
  capacityBytes?: number;
}

function create({ maxBytes, capacityBytes, scope }: CreateOptions): Created {
  using undo = new DisposableStack();
  const fifo = () => {
    const path = scope.path("fifo");
    mkfifo(path);
    return undo.adopt(path, unlink);
  };
  return created({ forth: fifo(), back: fifo(), maxBytes, capacityBytes } satisfies FifoLink, undo);
}

/** Opens the ends of a role: the one it reads from, the one it writes to, and how to close both. */
function openEnds(
  { forth, back, capacityBytes }: FifoLink,
  role: Role,
): [number, number, Disposable] {
  using undo = new DisposableStack();
  const [from, to] = role === "initiator" ? [back, forth] : [forth, back];
  const readEnd = undo.adopt(open(from, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC), close);
  setNonBlocking(readEnd, false);
  const writeEnd = open(role === "solo" ? from : to, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
  undo.adopt(writeEnd, close);
  if (capacityBytes) fcntl(writeEnd, F_SETPIPE_SZ, capacityBytes);
  return [readEnd, writeEnd, undo.move()];
}

export const facility: Facility = {
  id: "fifo",
  title: "FIFO",
  summary: "A pipe with a pathname, so that unrelated processes can open it.",
  origin: { family: "System V", source: "System III (1982); POSIX.1-2001 mkfifo()" },
  semantics: {
    boundaries: "stream",
    identifier: "pathname",
    handle: "descriptor",
    accessibility: "permission-mask",
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
    attach(link: FifoLink, role) {
      const [readEnd, writeEnd, closeBoth] = openEnds(link, role);
      return new StreamChannel(readEnd, writeEnd, link.maxBytes, closeBoth);
    },
    capacities: pipeCapacities,
    manyPeers: true,
  },
  notifier: {
    create,
    attach: (link: FifoLink, role) => doorbell(...openEnds(link, role)),
  },
};
