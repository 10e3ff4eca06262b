/**
 * `poll.h`: waiting until a descriptor is ready.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/poll.2.html poll(2)}
 * @module
 */
import { check } from "./errno.ts";
import { open } from "./library.ts";
import { Struct } from "./memory.ts";

export const POLLIN = 0x01;
export const POLLOUT = 0x04;
export const POLLERR = 0x08;
export const POLLHUP = 0x10;
export const POLLNVAL = 0x20;

/** `struct pollfd` */
export const POLLFD = { size: 8, fd: 0, events: 4, revents: 6 };

const c = open({
  poll: { parameters: ["pointer", "u64", "i32"], result: "i32" },
});

/**
 * Waits at most `milliseconds` (-1: for ever) for one of the events; returns those that are there,
 * 0 when the time passed.
 *
 * @throws {SystemCallError} EINTR, ENOMEM
 */
export function poll(fd: number, events: number, milliseconds: number): number {
  const pollfd = new Struct(POLLFD.size).setI32(POLLFD.fd, fd);
  pollfd.view.setInt16(POLLFD.events, events, true);
  check("poll", c.poll(pollfd.pointer, 1n, milliseconds), `${fd}`);
  return pollfd.view.getInt16(POLLFD.revents, true);
}
