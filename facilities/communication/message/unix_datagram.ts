/**
 * A datagram socket of the UNIX domain: whole messages, and unlike UDP none is lost or overtaken.
 *
 * A sender whose peer has `net.unix.max_dgram_qlen` messages waiting sleeps until one is taken. A
 * message goes whole into the send buffer or not at all (EMSGSIZE). In the `pathname` variant both
 * sides are bound, because a datagram socket without a name cannot be answered: the peer introduces
 * itself with an empty datagram, and then both are connected, which shuts out every other sender.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/unix.7.html unix(7)}
 * @module
 */
import type { Created, CreateOptions, Facility, Role } from "../../facility.ts";
import { limit } from "../../limits.ts";
import {
  connect,
  disconnect,
  receiveBytes,
  sendBytes,
  SOCK_DGRAM,
  unixAddress,
} from "../../libc/sys_socket.ts";
import {
  bindTo,
  createBound,
  createPair,
  type Ends,
  openPair,
  type PairLink,
  type PathLink,
  VARIANTS,
} from "../unix_socket.ts";
import { MessageSocket } from "./message_socket.ts";

const GREETING = new Uint8Array(0);

/** @throws {SystemCallError} ENAMETOOLONG, where the peer's path would not fit: it could only hang */
function createNamed(options: CreateOptions): Created {
  using undo = new DisposableStack();
  const made = undo.use(createBound(SOCK_DGRAM, options));
  unixAddress(`${made.link.path}-peer`);
  undo.move();
  return made;
}

/** Connects the bound sockets of both sides to each other; alone, one to itself. */
function openBound({ path, bound }: PathLink, role: Role): Ends {
  using undo = new DisposableStack();
  const peerPath = `${path}-peer`;
  const fd = role === "peer" ? bindTo(peerPath, SOCK_DGRAM, undo) : undo.adopt(bound, disconnect);
  if (role === "initiator") receiveBytes(fd, GREETING);
  connect(fd, unixAddress(role === "initiator" ? peerPath : path));
  if (role === "peer") sendBytes(fd, GREETING);
  return [fd, fd, undo.move()];
}

export const facility: Facility = {
  id: "unix-datagram",
  title: "UNIX datagram socket",
  summary: "Whole messages between processes of one host, reliable and in order.",
  origin: { family: "BSD", source: "4.2BSD (1983); POSIX.1-2001 AF_UNIX" },
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
  },
  variants: VARIANTS,
  limits: () => [
    limit.unixMaxMessage(),
    limit.socketSendBuffer(),
    limit.socketSendBufferMax(),
    limit.unixMaxDgramQlen(),
  ],
  channel: {
    create: (options: CreateOptions) =>
      options.variant === "pathname" ? createNamed(options) : createPair(SOCK_DGRAM, options),
    attach(link: PairLink | PathLink, role) {
      const ends = "ends" in link
        ? openPair(link as PairLink, role)
        : openBound(link as PathLink, role);
      return new MessageSocket(ends, link.maxBytes);
    },
    largestMessage: () => limit.unixMaxMessage(),
  },
};
