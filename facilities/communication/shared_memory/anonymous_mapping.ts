/**
 * A shared anonymous mapping: memory with no name and no file behind it, which children get by
 * `fork`.
 *
 * A runtime that cannot fork shares it between its threads. Each maps the pages once more for
 * itself, so that it may unmap them when it likes. Another process comes to it only where privileges
 * let it open `/proc/PID/map_files/FROM-TO`, which stands for the pages themselves.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/mmap.2.html mmap(2)}, MAP_ANONYMOUS,
 * {@link https://man7.org/linux/man-pages/man5/proc_pid_map_files.5.html proc_pid_map_files(5)}
 * @module
 */
import type {
  Created,
  CreateOptions,
  Facility,
  Link,
  Offer,
  Participants,
  Region,
} from "../../facility.ts";
import { created } from "../../created.ts";
import { limit } from "../../limits.ts";
import { SystemCallError } from "../../libc/errno.ts";
import { O_CLOEXEC, O_RDWR, open } from "../../libc/fcntl.ts";
import { Memory } from "../../libc/memory.ts";
import { close, getpid } from "../../libc/unistd.ts";
import { channelOver } from "./ring.ts";

interface MappingLink extends Link {
  /** Whose mapping it is, and where. */
  pid: number;
  address: number;
  bytes: number;
}

function linkTo({ pointer, length }: Memory): MappingLink {
  return {
    pid: getpid(),
    address: Number(Deno.UnsafePointer.value(pointer)),
    bytes: length,
  };
}

/** Maps another process's pages. @throws {SystemCallError} EACCES, ENOENT, EPERM */
function mapForeign({ pid, address, bytes }: MappingLink): Memory {
  const range = [address, address + bytes].map((end) => end.toString(16)).join("-");
  const fd = open(`/proc/${pid}/map_files/${range}`, O_RDWR | O_CLOEXEC);
  try {
    return Memory.map(fd, bytes);
  } finally {
    close(fd);
  }
}

const region: Offer<Region> = {
  create({ maxBytes }: CreateOptions): Created {
    using undo = new DisposableStack();
    return created(linkTo(undo.use(Memory.share(maxBytes))), undo);
  },
  attach(link: MappingLink): Region {
    const memory = link.pid === getpid()
      ? Memory.again(link.address, link.bytes)
      : mapForeign(link);
    memory.faultIn();
    return { memory, [Symbol.dispose]: () => memory[Symbol.dispose]() };
  },
};

/** Tries the way that another process would take. */
function inapplicable(participants: Participants): string | null {
  if (participants === "thread") return null;
  using memory = Memory.share(1);
  try {
    mapForeign(linkTo(memory))[Symbol.dispose]();
    return null;
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    return `processes without a common ancestor reach it through /proc/PID/map_files only, which ` +
      `takes CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN (${error.call}: ${error.code})`;
  }
}

export const facility: Facility = {
  id: "anonymous-mapping",
  title: "Shared anonymous mapping",
  summary: "Memory without a name, shared by the threads of a process and by children of fork().",
  origin: { family: "BSD", source: "SunOS 4.0 /dev/zero (1988), 4.4BSD MAP_ANON; POSIX.1-2024" },
  semantics: {
    boundaries: "none",
    identifier: "none",
    handle: "pointer",
    accessibility: "related-processes",
    persistence: "process",
    pollable: false,
    order: "none",
    destructiveReads: false,
    emptyBlocks: false,
    whenFull: "none",
    peek: true,
  },
  limits: () => [limit.rlimitAs()],
  usualParticipants: "thread",
  inapplicable,
  remark: (participants) =>
    participants === "process" ? "opened through /proc/PID/map_files, with privileges" : null,
  region,
  channel: channelOver(region),
};
