/**
 * What a participant does with descriptors, below the contract.
 *
 * @module
 */
import { check } from "../../../facilities/libc/errno.ts";
import {
  F_GETFD,
  fcntl,
  FD_CLOEXEC,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDONLY,
  open,
  setNonBlocking,
} from "../../../facilities/libc/fcntl.ts";
import { listFolder } from "../../../facilities/libc/files.ts";
import { Struct } from "../../../facilities/libc/memory.ts";
import { poll as pollDescriptor, POLLIN } from "../../../facilities/libc/poll.ts";
import { receiveDescriptors, sendDescriptors } from "../../../facilities/libc/scm_rights.ts";
import {
  AF_UNIX,
  bind,
  recv,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  socket,
  unixAddress,
} from "../../../facilities/libc/sys_socket.ts";
import * as unistd from "../../../facilities/libc/unistd.ts";
import { afterwards } from "./held.ts";

/** Descriptors that are open now. */
function openDescriptors(): number[] {
  return listFolder("/proc/self/fd").map(Number).filter(isOpen);
}

/** The listing shows the descriptor of the folder itself, too, which is closed afterwards. */
function isOpen(fd: number): boolean {
  return flagsOf(fd) !== null;
}

/** The runtime may close one of its own at any time. */
function flagsOf(fd: number): number | null {
  try {
    return fcntl(fd, F_GETFD);
  } catch {
    return null;
  }
}

/**
 * Runs `make` so that every descriptor it opens has a number from `floor` on, where no other
 * participant has opened any: then they can be handed over under the same number.
 */
export async function aboveDescriptor<T>(floor: number, make: () => Promise<T>): Promise<T> {
  const fillers = [open("/dev/null", O_RDONLY | O_CLOEXEC)];
  try {
    for (;;) {
      const next = unistd.dup(fillers[0]!);
      fillers.push(next);
      if (next >= floor) break;
    }
    unistd.close(fillers.pop()!);
    return await make();
  } finally {
    fillers.forEach(unistd.close);
  }
}

/** The open descriptors that a child would inherit. */
export function inheritable(): number[] {
  return listFolder("/proc/self/fd").map(Number).filter((fd) => {
    const flags = flagsOf(fd);
    return flags !== null && (flags & FD_CLOEXEC) === 0;
  });
}

/** Room for what a channel may put before a message. */
const HEADER_ROOM = 64;

let mailbox = -1;
/** Numbers of descriptors that others handed over. */
const foreign = new Set<number>();

/** Where descriptors arrive that others hand over. Done once, before any other order. */
export function openMailbox(path: string): void {
  mailbox = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC);
  bind(mailbox, unixAddress(path));
}

/** Hands descriptors over to the participant with that mailbox. */
export function handOver(path: string, descriptors: number[]): void {
  sendDescriptors(mailbox, descriptors, path);
}

/** Takes descriptors that were handed over, under the given numbers. */
export function takeOver(numbers: number[]): void {
  const arrived = receiveDescriptors(mailbox);
  arrived.forEach((fd, index) => {
    const number = numbers[index]!;
    foreign.add(number);
    if (fd === number) return;
    unistd.dup3(fd, number, O_CLOEXEC);
    unistd.close(fd);
  });
}

export function listDescriptors(): number[] {
  return openDescriptors();
}

/** Closes what others handed over. */
export function closeForeign(): void {
  [...foreign].filter(isOpen).forEach(unistd.close);
  foreign.clear();
}

/** What stands behind a descriptor, for example `pipe:[4711]`. */
export function behind(fd: number): string {
  return unistd.readlink(`/proc/self/fd/${fd}`);
}

export function openFile(path: string, flags: number): number {
  const fd = open(path, flags | O_CLOEXEC);
  afterwards(() => isOpen(fd) && unistd.close(fd));
  return fd;
}

export function close(fd: number): void {
  unistd.close(fd);
}

/** One call of `read` with room for `capacity` bytes. */
export function read(fd: number, capacity: number): string {
  return taken(capacity, (room) => unistd.read(fd, room.pointer, BigInt(capacity)));
}

/** One call of `read`: the last `length` bytes of the message, whatever header stands before. */
export function readLast(fd: number, length: number): string {
  return read(fd, HEADER_ROOM + length).slice(-length);
}

/** One call of `write`; how many bytes it took. */
export function write(fd: number, text: string): number {
  const bytes = new Struct(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  return check("write", unistd.write(fd, bytes.pointer, BigInt(text.length)), `${fd}`);
}

/** Writes `count` times `length` bytes, each in one call. */
export function writeMany(fd: number, count: number, length: number): number {
  const bytes = new Struct(length);
  for (let time = 0; time < count; time++) {
    check("write", unistd.write(fd, bytes.pointer, BigInt(length)), `${fd}`);
  }
  return count;
}

/** Reads messages until none is there; how many. The first is waited for. */
export function drain(fd: number, length: number): number {
  const room = new Struct(length);
  let count = 0;
  while (pollDescriptor(fd, POLLIN, count === 0 ? -1 : 0) & POLLIN) {
    check("read", unistd.read(fd, room.pointer, BigInt(length)), `${fd}`);
    count++;
  }
  return count;
}

/** One call of `recv`: the bytes it stored, and the number it returned. */
export function receiveFrom(fd: number, capacity: number, flags: number) {
  const room = new Struct(Math.max(1, capacity));
  const count = check("recv", recv(fd, room.pointer, BigInt(capacity), flags), `${fd}`);
  return { text: textOf(room, Math.min(count, capacity)), count };
}

/** One call of `poll`. */
export function poll(fd: number, events: number, milliseconds: number): number {
  return pollDescriptor(fd, events, milliseconds);
}

/** Lets calls on the descriptor fail with EAGAIN instead of waiting. */
export function neverWait(fd: number, on = true): void {
  setNonBlocking(fd, on);
}

export const NONBLOCK = O_NONBLOCK;

function taken(capacity: number, call: (room: Struct) => number): string {
  const room = new Struct(capacity);
  return textOf(room, check("read", call(room)));
}

function textOf(room: Struct, length: number): string {
  return String.fromCharCode(...room.bytes.subarray(0, length));
}
