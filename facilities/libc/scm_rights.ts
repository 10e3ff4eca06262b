/**
 * `sys/socket.h`, `SCM_RIGHTS`: handing open descriptors to another process over a UNIX socket.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/cmsg.3.html cmsg(3)},
 * {@link https://man7.org/linux/man-pages/man7/unix.7.html unix(7)}
 * @module
 */
import { check } from "./errno.ts";
import { openRare } from "./library.ts";
import { Struct } from "./memory.ts";
import { SOL_SOCKET, unixAddress } from "./sys_socket.ts";

const SCM_RIGHTS = 1;
const MSG_CMSG_CLOEXEC = 0x40000000;
/** `struct msghdr` */
const MSGHDR = {
  size: 56,
  msg_name: 0,
  msg_namelen: 8,
  msg_iov: 16,
  msg_iovlen: 24,
  msg_control: 32,
  msg_controllen: 40,
};
/** `struct iovec` */
const IOVEC = { size: 16, iov_base: 0, iov_len: 8 };
/** `struct cmsghdr` */
const CMSGHDR = { size: 16, cmsg_len: 0, cmsg_level: 8, cmsg_type: 12 };
/** How many one message may carry: `SCM_MAX_FD` of the kernel. */
export const MOST_DESCRIPTORS = 253;

const c = openRare({
  sendmsg: { parameters: ["i32", "pointer", "i32"], result: "i32" },
  recvmsg: { parameters: ["i32", "pointer", "i32"], result: "i32" },
});

/** A `struct msghdr` for one number and `count` descriptors; holds on to its parts. */
class RightsMessage {
  readonly header = new Struct(MSGHDR.size);
  readonly payload = new Struct(4);
  readonly control: Struct;
  readonly #vector = new Struct(IOVEC.size);
  readonly #name: Struct | null;

  constructor(count: number, path?: string) {
    this.control = new Struct(CMSGHDR.size + Math.ceil(count / 2) * 8);
    this.#name = path === undefined ? null : new Struct(unixAddress(path));
    this.#vector.view.setBigUint64(IOVEC.iov_base, address(this.payload), true);
    this.#vector.setI64(IOVEC.iov_len, 4);
    const { view } = this.header;
    if (this.#name) {
      view.setBigUint64(MSGHDR.msg_name, address(this.#name), true);
      view.setUint32(MSGHDR.msg_namelen, this.#name.bytes.length, true);
    }
    view.setBigUint64(MSGHDR.msg_iov, address(this.#vector), true);
    view.setBigUint64(MSGHDR.msg_iovlen, 1n, true);
    view.setBigUint64(MSGHDR.msg_control, address(this.control), true);
    view.setBigUint64(MSGHDR.msg_controllen, BigInt(this.control.bytes.length), true);
  }
}

function address({ pointer }: Struct): bigint {
  return Deno.UnsafePointer.value(pointer);
}

/**
 * Sends copies of the descriptors, at most `MOST_DESCRIPTORS`: to the datagram socket that is bound
 * to `path`, or to whom the socket is connected with.
 *
 * @throws {SystemCallError} EBADF, ECONNREFUSED, ENOENT, EPIPE, ETOOMANYREFS
 */
export function sendDescriptors(socket: number, descriptors: readonly number[], path?: string) {
  const message = new RightsMessage(descriptors.length, path);
  message.payload.setI32(0, descriptors.length);
  message.control
    .setI64(CMSGHDR.cmsg_len, CMSGHDR.size + descriptors.length * 4)
    .setI32(CMSGHDR.cmsg_level, SOL_SOCKET)
    .setI32(CMSGHDR.cmsg_type, SCM_RIGHTS);
  descriptors.forEach((fd, index) => message.control.setI32(CMSGHDR.size + index * 4, fd));
  const whereTo = path === undefined ? "" : ` to ${path}`;
  check("sendmsg", c.sendmsg(socket, message.header.pointer, 0), `SCM_RIGHTS${whereTo}`);
}

/**
 * Waits for the next message of `sendDescriptors`; the new descriptors are closed on exec.
 *
 * @throws {SystemCallError} EBADF, EINTR, EMFILE
 */
export function receiveDescriptors(socket: number): number[] {
  const message = new RightsMessage(MOST_DESCRIPTORS);
  check("recvmsg", c.recvmsg(socket, message.header.pointer, MSG_CMSG_CLOEXEC), "SCM_RIGHTS");
  const count = (message.control.i64(CMSGHDR.cmsg_len) - CMSGHDR.size) / 4;
  return Array.from({ length: count }, (_, at) => message.control.i32(CMSGHDR.size + at * 4));
}
