/**
 * A sequenced-packet socket of the UNIX domain: connected like a stream, delimited like datagrams.
 *
 * A message goes whole into the send buffer or not at all (EMSGSIZE), so the buffer less the
 * kernel's 32 bytes is the largest message.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/unix.7.html unix(7)}
 * @module
 */
import type { Facility } from "../../facility.ts";
import { limit } from "../../limits.ts";
import { SOCK_SEQPACKET } from "../../libc/sys_socket.ts";
import {
  createListener,
  createPair,
  openConnection,
  openPair,
  type PairLink,
  type PathLink,
  VARIANTS,
} from "../unix_socket.ts";
import { MessageSocket } from "./message_socket.ts";

export const facility: Facility = {
  id: "unix-seqpacket",
  title: "UNIX sequenced-packet socket",
  summary: "Whole messages in order over a connection between processes of one host.",
  origin: {
    family: "POSIX",
    source: "POSIX.1-2001 SOCK_SEQPACKET; in the UNIX domain since Linux 2.6.4 (2004)",
  },
  semantics: {
    boundaries: "message",
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
  limits: () => [
    limit.unixMaxMessage(),
    limit.socketSendBuffer(),
    limit.socketSendBufferMax(),
    limit.unixMaxDgramQlen(),
  ],
  channel: {
    create: (options) =>
      options.variant === "pathname"
        ? createListener(SOCK_SEQPACKET, options)
        : createPair(SOCK_SEQPACKET, options),
    attach(link: PairLink | PathLink, role) {
      const ends = "ends" in link
        ? openPair(link as PairLink, role)
        : openConnection(SOCK_SEQPACKET, link as PathLink, role);
      return new MessageSocket(ends, link.maxBytes);
    },
    largestMessage: () => limit.unixMaxMessage(),
  },
};
