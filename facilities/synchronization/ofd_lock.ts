/**
 * An open file description lock: a record lock that belongs to what one `open` made.
 *
 * Two threads that open the file each for themselves exclude each other, and closing another
 * descriptor of the file releases nothing. It is released when the last descriptor of its open file
 * description closes, so it outlives its holder as long as a child holds a copy. Waiting in a circle
 * is not noticed.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/fcntl_locking.2.html fcntl_locking(2)}
 * @module
 */
import type { Facility } from "../facility.ts";
import { F_OFD_SETLKW } from "../libc/fcntl.ts";
import { createFile, locksBy } from "./record_lock.ts";

export const facility: Facility = {
  id: "ofd-lock",
  title: "Open file description lock",
  summary: "A range of a file's bytes, locked by one open file description at a time.",
  origin: { family: "Linux", source: "Linux 3.15 (2014); POSIX.1-2024 fcntl(F_OFD_SETLKW)" },
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
  limits: () => [],
  lock: { create: createFile, attach: locksBy(F_OFD_SETLKW) },
};
