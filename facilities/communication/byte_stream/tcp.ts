/**
 * A TCP connection over the loopback interface: the byte stream that would also reach another host.
 *
 * The initiator listens on a free port of 127.0.0.1, which every local user can connect to. So the
 * peer presents the link's random token first, and whoever cannot is turned away. The port stays the
 * initiator's own as long as it lives, so the peer knows whom it reached.
 *
 * By default Nagle's algorithm is off (`TCP_NODELAY`): it holds a short segment back while an
 * earlier one is unacknowledged, which the variant `nagle` prices. After a connection ends the kernel
 * keeps the port of the side that closed first in TIME_WAIT for a minute; no socket of a process.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/tcp.7.html tcp(7)}
 * @see RFC 9293 (TCP), RFC 896 (Nagle)
 * @module
 */
import { created } from "../../created.ts";
import type { Channel, Created, CreateOptions, Facility, Link, Role } from "../../facility.ts";
import { limit } from "../../limits.ts";
import { isErrno } from "../../libc/errno.ts";
import {
  accept,
  AF_INET,
  bind,
  connect,
  inetAddress,
  IPPROTO_TCP,
  listen,
  localPort,
  MSG_WAITALL,
  receiveBytes,
  sendBytes,
  setReceiveTimeout,
  setSocketOption,
  SOCK_CLOEXEC,
  SOCK_STREAM,
  socket,
  TCP_NODELAY,
} from "../../libc/sys_socket.ts";
import { close } from "../../libc/unistd.ts";
import { LOOPBACK, withoutLoopback } from "../loopback.ts";
import { joined } from "../unix_socket.ts";
import { StreamChannel } from "./stream.ts";

const TOKEN_BYTES = 16;
/** A stranger who connects and stays silent holds the initiator up for so long. */
const PATIENCE_MS = 1_000;

interface TcpLink extends Link {
  port: number;
  /** The initiator's listening socket. */
  listener: number;
  /** What the peer must know, as numbers of one byte each. */
  token: number[];
  noDelay: boolean;
  maxBytes: number;
}

function create({ variant, maxBytes }: CreateOptions): Created {
  using undo = new DisposableStack();
  // Inherited: the initiator need not be the process that created the link.
  const listener = undo.adopt(socket(AF_INET, SOCK_STREAM), close);
  bind(listener, inetAddress(LOOPBACK, 0));
  listen(listener, 16);
  const port = localPort(listener);
  const token = [...crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))];
  const noDelay = variant !== "nagle";
  return created({ port, listener, token, noDelay, maxBytes } satisfies TcpLink, undo);
}

function attach({ port, listener, token, noDelay, maxBytes }: TcpLink, role: Role): Channel {
  using undo = new DisposableStack();
  const toInitiator = () => {
    const fd = undo.adopt(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC), close);
    connect(fd, inetAddress(LOOPBACK, port));
    sendBytes(fd, new Uint8Array(token));
    return fd;
  };
  const toPeer = () => undo.adopt(acceptPeer(listener, token), close);
  const ends = joined(role, toInitiator, toPeer);
  for (const fd of ends) setSocketOption(fd, IPPROTO_TCP, TCP_NODELAY, noDelay ? 1 : 0);
  return new StreamChannel(...ends, maxBytes, undo.move());
}

/** Waits for the peer; connections of anyone else are closed. */
function acceptPeer(listener: number, token: number[]): number {
  for (;;) {
    using undo = new DisposableStack();
    const fd = undo.adopt(accept(listener, SOCK_CLOEXEC), close);
    if (presents(fd, token)) {
      undo.move();
      return fd;
    }
  }
}

function presents(fd: number, token: number[]): boolean {
  const presented = new Uint8Array(TOKEN_BYTES);
  setReceiveTimeout(fd, PATIENCE_MS);
  try {
    receiveBytes(fd, presented, MSG_WAITALL);
  } catch (error) {
    if (isErrno(error, "EAGAIN", "ECONNRESET")) return false;
    throw error;
  }
  setReceiveTimeout(fd, 0);
  return token.every((byte, index) => presented[index] === byte);
}

export const facility: Facility = {
  id: "tcp",
  title: "TCP socket",
  summary: "A connected byte stream that also reaches other hosts, here over loopback.",
  origin: { family: "BSD", source: "4.2BSD (1983); RFC 9293; POSIX.1-2001 AF_INET" },
  semantics: {
    boundaries: "stream",
    identifier: "address-and-port",
    handle: "descriptor",
    accessibility: "any-process",
    persistence: "process",
    pollable: true,
    order: "sending",
    destructiveReads: true,
    emptyBlocks: true,
    whenFull: "blocks",
    peek: true,
    connections: true,
  },
  variants: [
    { id: "nodelay", summary: "TCP_NODELAY: every write leaves at once." },
    { id: "nagle", summary: "Nagle's algorithm: a short segment waits for acknowledgement." },
  ],
  inapplicable: withoutLoopback,
  limits: () => [
    limit.tcpSendBuffer(),
    limit.tcpSendBufferMax(),
    limit.tcpReceiveBuffer(),
    limit.tcpReceiveBufferMax(),
  ],
  channel: {
    create,
    attach,
  },
};
