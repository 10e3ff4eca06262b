/**
 * What the sockets of the UNIX domain have in common: two connected ends out of `socketpair`, or a
 * pathname to connect to, and the kernel's word on who is at the other end.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/unix.7.html unix(7)}
 * @module
 */
import { created } from "../created.ts";
import type { Created, CreateOptions, Link, Role, Variant } from "../facility.ts";
import {
  accept,
  AF_UNIX,
  bind,
  connect,
  listen,
  peerCredentials,
  SOCK_CLOEXEC,
  socket,
  socketpair,
  unixAddress,
} from "../libc/sys_socket.ts";
import { fchmod } from "../libc/sys_stat.ts";
import { close, geteuid, unlink } from "../libc/unistd.ts";

/** What a role reads from, what it writes to, and how to give back what attaching opened. */
export type Ends = [readEnd: number, writeEnd: number, release: Disposable];

export const VARIANTS: readonly Variant[] = [
  {
    id: "socketpair",
    summary: "Two connected ends made by socketpair(), inherited or sent.",
    semantics: { identifier: "none", accessibility: "related-processes", connections: false },
  },
  { id: "pathname", summary: "Bound to a pathname; the peer connects to it." },
];

export interface PairLink extends Link {
  /** The initiator's end and the peer's. */
  ends: [number, number];
  maxBytes: number;
}

export interface PathLink extends Link {
  path: string;
  /** The initiator's socket, which is bound to the path. */
  bound: number;
  maxBytes: number;
}

/** Two ends without a name. @throws {SystemCallError} EMFILE, ENFILE */
export function createPair(type: number, { maxBytes }: CreateOptions): Created {
  using undo = new DisposableStack();
  const ends = socketpair(AF_UNIX, type);
  for (const end of ends) undo.adopt(end, close);
  return created({ ends, maxBytes } satisfies PairLink, undo);
}

/** A socket bound to a new pathname. @throws {SystemCallError} EADDRINUSE, EMFILE, ENFILE, EROFS */
export function createBound(type: number, { maxBytes, scope }: CreateOptions): Created {
  using undo = new DisposableStack();
  const path = scope.path("socket");
  const bound = bindTo(path, type, undo);
  return created({ path, bound, maxBytes } satisfies PathLink, undo);
}

/** A bound socket that others connect to. */
export function createListener(type: number, options: CreateOptions): Created {
  using undo = new DisposableStack();
  const { link } = undo.use(createBound(type, options));
  listen(link.bound, 16);
  return created(link, undo);
}

/** The ends of a pair; they belong to whoever made the pair. */
export function openPair({ ends }: PairLink, role: Role): Ends {
  const [mine, theirs] = role === "peer" ? [1, 0] as const : [0, 1] as const;
  return [role === "solo" ? ends[theirs] : ends[mine], ends[mine], new DisposableStack()];
}

/** Connects to the pathname, accepts who connected to it, or both. */
export function openConnection(type: number, { path, bound }: PathLink, role: Role): Ends {
  using undo = new DisposableStack();
  const toInitiator = () => {
    const fd = undo.adopt(socket(AF_UNIX, type | SOCK_CLOEXEC), close);
    connect(fd, unixAddress(path));
    return assertSameUser(fd);
  };
  const toPeer = () => assertSameUser(undo.adopt(accept(bound, SOCK_CLOEXEC), close));
  return [...joined(role, toInitiator, toPeer), undo.move()];
}

/**
 * The descriptors that a role reads from and writes to, where a connection is the same in both
 * directions. Alone, one connects first and then accepts itself.
 */
export function joined(
  role: Role,
  toInitiator: () => number,
  toPeer: () => number,
): [readEnd: number, writeEnd: number] {
  const writeEnd = role === "initiator" ? toPeer() : toInitiator();
  return [role === "solo" ? toPeer() : writeEnd, writeEnd];
}

/** A new socket of the UNIX domain that is bound to a new pathname. */
export function bindTo(path: string, type: number, undo: DisposableStack): number {
  // Inherited: the initiator need not be the process that created the link.
  const fd = undo.adopt(socket(AF_UNIX, type), close);
  fchmod(fd, 0o600); // the mode that bind() gives the path
  bind(fd, unixAddress(path));
  undo.adopt(path, unlink);
  return fd;
}

/**
 * Returns the connected socket unless a process of another user is at its other end.
 *
 * @throws {Error} naming the stranger
 */
export function assertSameUser(fd: number): number {
  const { pid, uid } = peerCredentials(fd);
  if (uid === geteuid()) return fd;
  throw new Error(`Cannot trust the connection: process ${pid} of user ${uid} is at its other end`);
}
