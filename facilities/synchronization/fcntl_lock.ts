/**
 * A record lock: a range of a file's bytes that one process at a time may lock.
 *
 * The lock belongs to the process: a second lock of the same range by the same process just replaces
 * the first, closing *any* descriptor of the file releases it, and children do not inherit it. The
 * kernel releases it when the process ends. Waiting in a circle is refused with EDEADLK.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/fcntl_locking.2.html fcntl_locking(2)}
 * @module
 */
import type { Facility } from "../facility.ts";
import { F_SETLKW } from "../libc/fcntl.ts";
import { createFile, locksBy } from "./record_lock.ts";

export const facility: Facility = {
  id: "fcntl-lock",
  title: "fcntl record lock",
  summary: "A range of a file's bytes, locked by one process at a time.",
  origin: { family: "System V", source: "System V (1983); POSIX.1-2001 fcntl(F_SETLKW)" },
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
    lockOwner: "process",
  },
  limits: () => [],
  inapplicable: (participants) =>
    participants === "thread"
      ? "record locks belong to the process: its threads do not exclude each other"
      : null,
  lock: { create: createFile, attach: locksBy(F_SETLKW) },
};
