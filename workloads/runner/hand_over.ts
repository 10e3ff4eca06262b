/**
 * Handing a trial's kernel objects to peers that run already: the initiator sends the descriptors,
 * and a peer gives them the numbers that the links name, as if it had inherited them.
 *
 * Starting a process takes longer than all else before the first timed operation. Were peers the
 * children of the initiator, to inherit its objects, they could start only when it has run, loaded
 * its modules and made those; so all processes start at the same time.
 *
 * @module
 */
import type { Link } from "../../facilities/facility.ts";
import { isErrno } from "../../facilities/libc/errno.ts";
import { F_DUPFD_CLOEXEC, F_GETFD, fcntl } from "../../facilities/libc/fcntl.ts";
import { listFolder, readTextOf } from "../../facilities/libc/files.ts";
import {
  MOST_DESCRIPTORS,
  receiveDescriptors,
  sendDescriptors,
} from "../../facilities/libc/scm_rights.ts";
import { resourceLimit, RLIMIT } from "../../facilities/libc/sys_resource.ts";
import { memfdCreate } from "../../facilities/libc/sys_mman.ts";
import { AF_UNIX, SOCK_SEQPACKET, socketpair } from "../../facilities/libc/sys_socket.ts";
import { close, dup3, writeAll } from "../../facilities/libc/unistd.ts";

/** Objects get numbers from here on: below lie those of a runtime, in a peer others than here. */
const FIRST_NUMBER = 64;
/** Where few may be open, at least so many are left for the objects. */
const LEFT = 32;

/** What goes first: the rest of the message, in an open file. */
interface Contents {
  readonly links: readonly (Link | null)[];
  /** The numbers of all descriptors that follow. */
  readonly numbers: readonly number[];
}

/** A mailbox: the initiator's end and the peer's. Children inherit both. @throws {SystemCallError} */
export function createMailbox(): readonly [initiator: number, peer: number] {
  return socketpair(AF_UNIX, SOCK_SEQPACKET);
}

/** The descriptors that children inherit, standard ones left out. */
function inheritable(): number[] {
  return listFolder("/proc/self/fd").map(Number).filter((fd) => fd > 2 && flagsOf(fd) === 0);
}

/** The flags of a descriptor; null where it is not open, as that of a listing after it. */
function flagsOf(fd: number): number | null {
  try {
    return fcntl(fd, F_GETFD);
  } catch (error) {
    if (isErrno(error, "EBADF")) return null;
    throw error;
  }
}

/** Notes which descriptors a process opens to share them: those that come after and are inheritable. */
export class OwnDescriptors implements Disposable {
  readonly #before = new Set(inheritable());
  readonly #fillers: number[] = [];

  /** From now on, what is opened gets numbers that no peer uses. */
  constructor(spare: number) {
    const first = Math.min(FIRST_NUMBER, resourceLimit(RLIMIT.NOFILE).soft - LEFT);
    for (let fd = 0; fd < first - 1;) {
      fd = fcntl(spare, F_DUPFD_CLOEXEC);
      this.#fillers.push(fd);
    }
  }

  /** Those that were opened since. */
  list(): number[] {
    return inheritable().filter((fd) => !this.#before.has(fd));
  }

  [Symbol.dispose](): void {
    for (const fd of this.#fillers.splice(0)) close(fd);
  }
}

/** Sends the links and the descriptors they name. @throws {SystemCallError} EPIPE, ETOOMANYREFS */
export function handOver(mailbox: number, { links, numbers }: Contents): void {
  const contents = memfdCreate("ipc-taxonomy links");
  try {
    writeAll(contents, new TextEncoder().encode(JSON.stringify({ links, numbers })));
    const all = [contents, ...numbers];
    for (let from = 0; from < all.length; from += MOST_DESCRIPTORS) {
      sendDescriptors(mailbox, all.slice(from, from + MOST_DESCRIPTORS));
    }
  } finally {
    close(contents);
  }
}

/** Waits for what the initiator hands over; returns its links. */
export function takeOver(mailbox: number): readonly (Link | null)[] {
  const arrived = receiveDescriptors(mailbox);
  const contents = arrived.shift()!;
  const { links, numbers }: Contents = JSON.parse(readTextOf(contents));
  close(contents);
  while (arrived.length < numbers.length) arrived.push(...receiveDescriptors(mailbox));
  renumber(arrived, numbers);
  return links;
}

/** Gives each descriptor its number; one that is in the way of another goes there by a detour. */
function renumber(descriptors: readonly number[], numbers: readonly number[]): void {
  const wanted = new Set(numbers);
  const beyond = Math.max(...numbers, ...descriptors) + 1;
  const from = descriptors.map((fd, at) => {
    if (fd === numbers[at] || !wanted.has(fd)) return fd;
    const moved = fcntl(fd, F_DUPFD_CLOEXEC, beyond);
    close(fd);
    return moved;
  });
  for (const [at, fd] of from.entries()) {
    const number = numbers[at]!;
    if (fd === number) continue;
    if (flagsOf(number) !== null) {
      throw new Error(`Cannot take over descriptor ${number}: it is in use here`);
    }
    dup3(fd, number);
    close(fd);
  }
}
