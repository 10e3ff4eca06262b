/**
 * A stream socket of the UNIX domain: a connected byte stream in both directions on one host.
 *
 * `socketpair` makes two ends without a name; a bound pathname lets unrelated processes connect
 * and the kernel tell each who the other is (`SO_PEERCRED`). Both run through the same code in the
 * kernel, so the two variants must measure alike: a free check of the suite itself.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/unix.7.html unix(7)}
 * @module
 */
import type { Facility } from "../../facility.ts";
import { limit } from "../../limits.ts";
import { SOCK_STREAM } from "../../libc/sys_socket.ts";
import {
  createListener,
  createPair,
  openConnection,
  openPair,
  type PairLink,
  type PathLink,
  VARIANTS,
} from "../unix_socket.ts";
import { StreamChannel } from "./stream.ts";

export const facility: Facility = {
  id: "unix-stream",
  title: "UNIX stream socket",
  summary: "A connected byte stream in both directions between processes of one host.",
  origin: { family: "BSD", source: "4.2BSD (1983); POSIX.1-2001 AF_UNIX" },
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
    peek: true,
    connections: true,
  },
  variants: VARIANTS,
  limits: () => [limit.socketSendBuffer(), limit.socketSendBufferMax()],
  channel: {
    create: (options) =>
      options.variant === "pathname"
        ? createListener(SOCK_STREAM, options)
        : createPair(SOCK_STREAM, options),
    attach(link: PairLink | PathLink, role) {
      const [readEnd, writeEnd, release] = "ends" in link
        ? openPair(link as PairLink, role)
        : openConnection(SOCK_STREAM, link as PathLink, role);
      return new StreamChannel(readEnd, writeEnd, link.maxBytes, release);
    },
  },
};
