/**
 * `sys/socket.h`, `SCM_RIGHTS`: handing open descriptors to another process over a UNIX socket.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/cmsg.3.html cmsg(3)},
 * {@link https://man7.org/linux/man-pages/man7/unix.7.html unix(7)}
 * @module
 */
import { check } from "./errno.ts";
import { open } from "./library.ts";
import { Struct } from "./memory.ts";
import { SOL_SOCKET, unixAddress } from "./sys_socket.ts";

const SCM_RIGHTS = 1;
const MSG_CMSG_CLOEXEC = 0x40000000;
const SIZEOF_CMSGHDR = 16;
/** `SCM_MAX_FD` of the kernel. */
const MOST = 253;

const c = open({
  sendmsg: { parameters: ["i32", "pointer", "i32"], result: "i32" },
  recvmsg: { parameters: ["i32", "pointer", "i32"], result: "i32" },
});

/** A `struct msghdr` for one number and `count` descriptors; holds on to its parts. */
class RightsMessage {
  readonly header = new Struct(56);
  readonly payload = new Struct(4);
  readonly control: Struct;
  readonly #vector = new Struct(16);
  readonly #name: Struct | null;

  constructor(count: number, path?: string) {
    this.control = new Struct(SIZEOF_CMSGHDR + Math.ceil(count / 2) * 8);
    this.#name = path === undefined ? null : new Struct(unixAddress(path));
    this.#vector.view.setBigUint64(0, address(this.payload), true);
    this.#vector.setI64(8, 4);
    const { view } = this.header;
    if (this.#name) {
      view.setBigUint64(0, address(this.#name), true);
      view.setUint32(8, this.#name.bytes.length, true);
    }
    view.setBigUint64(16, address(this.#vector), true);
    view.setBigUint64(24, 1n, true);
    view.setBigUint64(32, address(this.control), true);
    view.setBigUint64(40, BigInt(this.control.bytes.length), true);
  }
}

function address({ pointer }: Struct): bigint {
  return Deno.UnsafePointer.value(pointer);
}

/**
 * Sends copies of the descriptors to the datagram socket that is bound to `path`.
 *
 * @throws {SystemCallError} EBADF, ECONNREFUSED, ENOENT, ETOOMANYREFS
 */
export function sendDescriptors(socket: number, path: string, descriptors: readonly number[]) {
  const message = new RightsMessage(descriptors.length, path);
  message.payload.setI32(0, descriptors.length);
  message.control
    .setI64(0, SIZEOF_CMSGHDR + descriptors.length * 4)
    .setI32(8, SOL_SOCKET)
    .setI32(12, SCM_RIGHTS);
  descriptors.forEach((fd, index) => message.control.setI32(SIZEOF_CMSGHDR + index * 4, fd));
  check("sendmsg", c.sendmsg(socket, message.header.pointer, 0), `SCM_RIGHTS to ${path}`);
}

/**
 * Waits for the next message of `sendDescriptors`; the new descriptors are closed on exec.
 *
 * @throws {SystemCallError} EBADF, EINTR, EMFILE
 */
export function receiveDescriptors(socket: number): number[] {
  const message = new RightsMessage(MOST);
  check("recvmsg", c.recvmsg(socket, message.header.pointer, MSG_CMSG_CLOEXEC), "SCM_RIGHTS");
  const count = (message.control.i64(0) - SIZEOF_CMSGHDR) / 4;
  return Array.from({ length: count }, (_, at) => message.control.i32(SIZEOF_CMSGHDR + at * 4));
}
