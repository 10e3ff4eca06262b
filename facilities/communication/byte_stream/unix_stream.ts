/**
 * A stream socket of the UNIX domain: a connected byte stream in both directions on one host.
 *
 * `socketpair` makes two ends that are inherited; a bound pathname lets unrelated processes connect
 * and the kernel tell each who the other is (`SO_PEERCRED`). Both run through the same code in the
 * kernel, so the two variants must measure alike: a free check of the suite itself.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/unix.7.html unix(7)}
 * @module
 */
import type { Created, CreateOptions, Facility, Link, Role } from "../../facility.ts";
import { limit } from "../../limits.ts";
import {
  accept,
  AF_UNIX,
  bind,
  connect,
  listen,
  SOCK_CLOEXEC,
  SOCK_STREAM,
  socket,
  socketpair,
  unixAddress,
} from "../../libc/sys_socket.ts";
import { close, unlink } from "../../libc/unistd.ts";
import { assertSameUser } from "./peer.ts";
import { StreamChannel } from "./stream.ts";

interface PairLink extends Link {
  /** The initiator's end and the peer's. */
  ends: [number, number];
  maxBytes: number;
}

interface PathLink extends Link {
  path: string;
  /** The initiator's listening socket. */
  listener: number;
  maxBytes: number;
}

function createPair({ maxBytes }: CreateOptions): Created {
  const ends = socketpair(AF_UNIX, SOCK_STREAM);
  return {
    link: { ends, maxBytes } satisfies PairLink,
    [Symbol.dispose]: () => ends.forEach(close),
  };
}

function createBound({ maxBytes, scope }: CreateOptions): Created {
  const path = scope.path("stream");
  const listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC);
  bind(listener, unixAddress(path));
  listen(listener, 16);
  return {
    link: { path, listener, maxBytes } satisfies PathLink,
    [Symbol.dispose]() {
      close(listener);
      unlink(path);
    },
  };
}

/** Connects to the bound pathname, or accepts who connected to it. */
function connected({ path, listener }: PathLink, role: Role): number {
  if (role === "peer") {
    const fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC);
    connect(fd, unixAddress(path));
    assertSameUser(fd);
    return fd;
  }
  const fd = accept(listener, SOCK_CLOEXEC);
  assertSameUser(fd);
  return fd;
}

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
  },
  variants: [
    { id: "socketpair", summary: "Two connected ends made by socketpair() and inherited." },
    { id: "pathname", summary: "Bound to a pathname; the peer connects to it." },
  ],
  limits: () => [limit.socketSendBuffer(), limit.socketSendBufferMax()],
  channel: {
    create: (options) =>
      options.variant === "pathname" ? createBound(options) : createPair(options),
    attach(link: PairLink | PathLink, role) {
      if ("ends" in link) {
        const end = link.ends[role === "peer" ? 1 : 0];
        return new StreamChannel(role === "solo" ? link.ends[1] : end, end, link.maxBytes);
      }
      const fd = connected(link as PathLink, role);
      return new StreamChannel(fd, fd, link.maxBytes, () => close(fd));
    },
  },
};
