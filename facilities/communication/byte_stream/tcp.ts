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
import type { Created, CreateOptions, Facility, Link, Role } from "../../facility.ts";
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
import { close, orClose } from "../../libc/unistd.ts";
import { StreamChannel } from "./stream.ts";

const LOOPBACK = "127.0.0.1";
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
  const listener = orClose(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC), (fd) => {
    bind(fd, inetAddress(LOOPBACK, 0));
    listen(fd, 16);
    return fd;
  });
  const token = [...crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))];
  const noDelay = variant !== "nagle";
  return {
    link: { port: localPort(listener), listener, token, noDelay, maxBytes } satisfies TcpLink,
    [Symbol.dispose]: () => close(listener),
  };
}

function connectToInitiator({ port, token, noDelay }: TcpLink): number {
  return orClose(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC), (fd) => {
    connect(fd, inetAddress(LOOPBACK, port));
    setSocketOption(fd, IPPROTO_TCP, TCP_NODELAY, noDelay ? 1 : 0);
    sendBytes(fd, new Uint8Array(token));
    return fd;
  });
}

/** Waits for the peer; connections of anyone else are closed. */
function acceptPeer({ listener, token, noDelay }: TcpLink): number {
  for (;;) {
    const fd = accept(listener, SOCK_CLOEXEC);
    if (orClose(fd, (fd) => presents(fd, token))) {
      setSocketOption(fd, IPPROTO_TCP, TCP_NODELAY, noDelay ? 1 : 0);
      return fd;
    }
    close(fd);
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
  },
  variants: [
    { id: "nodelay", summary: "TCP_NODELAY: every write leaves at once." },
    { id: "nagle", summary: "Nagle's algorithm: a short segment waits for acknowledgement." },
  ],
  limits: () => [
    limit.tcpSendBuffer(),
    limit.tcpSendBufferMax(),
    limit.tcpReceiveBuffer(),
    limit.tcpReceiveBufferMax(),
  ],
  channel: {
    create,
    attach(link: TcpLink, role: Role) {
      const toInitiator = role === "initiator" ? -1 : connectToInitiator(link);
      const toPeer = role === "peer" ? toInitiator : acceptPeer(link);
      const writeEnd = role === "initiator" ? toPeer : toInitiator;
      return new StreamChannel(toPeer, writeEnd, link.maxBytes, () => {
        close(toPeer);
        if (writeEnd !== toPeer) close(writeEnd);
      });
    },
  },
};
