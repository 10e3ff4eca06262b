/**
 * A standard signal: says to a process that something happened, and nothing else.
 *
 * It is blocked and taken by `sigwaitinfo`, so that no handler runs. Signals of one number do not
 * queue: while one is pending, more of them coalesce with it. So one may be outstanding, as in a
 * hand-off, where each is taken before the next is sent.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/signal.7.html signal(7)},
 * {@link https://man7.org/linux/man-pages/man2/sigwaitinfo.2.html sigwaitinfo(2)}
 * @module
 */
import type { Facility, Notifier, Role } from "../facility.ts";
import { check, unlessInterrupted } from "../libc/errno.ts";
import { rawKill, signalSet, SIGUSR1, sigwaitinfo, tgkill } from "../libc/signal.ts";
import { createMeeting, meet, type PeerLink } from "./peer.ts";

const SIGNAL = SIGUSR1;

function attach(link: PeerLink, role: Role): Notifier {
  const { process, thread } = meet(link, role, [SIGNAL]);
  const set = signalSet(SIGNAL);
  return {
    post: thread === undefined
      ? () => {
        if (rawKill(process, SIGNAL) !== 0) check("kill", -1);
      }
      : () => {
        if (tgkill(process, thread, SIGNAL) !== 0) check("tgkill", -1);
      },
    wait() {
      while (sigwaitinfo(set.pointer, null) === -1) unlessInterrupted("sigwaitinfo");
    },
    [Symbol.dispose]() {},
  };
}

export const facility: Facility = {
  id: "standard-signal",
  title: "Standard signal",
  summary: "A number that says to a process that something happened; more of one number coalesce.",
  origin: { family: "Unix", source: "Fourth Edition Unix (1973); POSIX.1-1990 kill()" },
  semantics: {
    boundaries: "none",
    identifier: "process-id",
    handle: "none",
    accessibility: "same-user",
    persistence: "process",
    pollable: false,
    order: "none",
    destructiveReads: null,
    emptyBlocks: true,
    whenFull: "coalesces",
    peek: false,
  },
  limits: () => [],
  notifier: { create: createMeeting, attach },
};
