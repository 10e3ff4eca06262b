/**
 * `sys/socket.h`, `sys/un.h`, `netinet/in.h`, `netinet/tcp.h`: sockets of the UNIX and Internet
 * domains.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/unix.7.html unix(7)},
 * {@link https://man7.org/linux/man-pages/man7/tcp.7.html tcp(7)},
 * {@link https://man7.org/linux/man-pages/man7/udp.7.html udp(7)}
 * @module
 */
import { ARCH } from "./arch.ts";
import { check, ERRNO, SystemCallError } from "./errno.ts";
import { openLate } from "./library.ts";
import { Struct } from "./memory.ts";
import { cString } from "./strings.ts";

export const AF_UNSPEC = 0;
export const AF_UNIX = 1;
export const AF_INET = 2;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_SEQPACKET = 5;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_TYPE = 3;
export const SO_BROADCAST = 6;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_PEERCRED = 17;
export const SO_RCVTIMEO = 20;
export const SO_MEMINFO = 55;
export const SO_PROTOCOL = 38;
export const SO_DOMAIN = 39;
export const IPPROTO_IP = 0;
const IP_MULTICAST_IF = 32;
const IP_ADD_MEMBERSHIP = 35;
export const IPPROTO_TCP = 6;
export const TCP_NODELAY = 1;
export const MSG_PEEK = 0x02;
export const MSG_TRUNC = 0x20;
export const MSG_WAITALL = 0x100;
export const MSG_DONTWAIT = 0x40;

/** `struct ucred` */
const UCRED = { size: 12, pid: 0, uid: 4, gid: 8 };
/** `struct sockaddr_un` */
const SOCKADDR_UN = { size: 110, sun_family: 0, sun_path: 2 };
/** `struct sockaddr_in` */
const SOCKADDR_IN = { size: 16, sin_family: 0, sin_port: 2, sin_addr: 4 };

const c = openLate({
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  socketpair: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  listen: { parameters: ["i32", "i32"], result: "i32" },
  accept4: { parameters: ["i32", "pointer", "pointer", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  send_bytes: { name: "send", parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
  recv_bytes: { name: "recv", parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
});

const moving = openLate({
  // long syscall(SYS_sendto, int fd, const void *bytes, size_t count, int flags, NULL, 0)
  send: {
    name: "syscall",
    parameters: ["i64", "i32", "pointer", "usize", "i32", "pointer", "usize"],
    result: "i32",
  },
  recv: {
    name: "syscall",
    parameters: ["i64", "i32", "pointer", "usize", "i32", "pointer", "usize"],
    result: "i32",
  },
});

const { SYS_sendto, SYS_recvfrom } = ARCH;

/** Called raw by the loops that move data, which check by count; by `syscall` as `read` is. */
export function send(fd: number, bytes: Deno.PointerValue, count: bigint, flags: number): number {
  return moving.send(SYS_sendto, fd, bytes, count, flags, null, 0n);
}

/** The same, receiving. */
export function recv(fd: number, bytes: Deno.PointerValue, count: bigint, flags: number): number {
  return moving.recv(SYS_recvfrom, fd, bytes, count, flags, null, 0n);
}

/** @throws {SystemCallError} EACCES, EAFNOSUPPORT, EMFILE, ENFILE, ENOBUFS */
export function socket(domain: number, type: number, protocol = 0): number {
  return check("socket", c.socket(domain, type, protocol));
}

/** Two sockets connected to each other. @throws {SystemCallError} EMFILE, ENFILE, EOPNOTSUPP */
export function socketpair(domain: number, type: number): [number, number] {
  const ends = new Int32Array(2);
  check("socketpair", c.socketpair(domain, type, 0, ends));
  return [ends[0]!, ends[1]!];
}

/** @throws {SystemCallError} EACCES, EADDRINUSE, EADDRNOTAVAIL, ENOENT, EROFS */
export function bind(fd: number, address: Uint8Array<ArrayBuffer>): void {
  check("bind", c.bind(fd, address, address.length));
}

/** @throws {SystemCallError} EADDRINUSE, EOPNOTSUPP */
export function listen(fd: number, backlog: number): void {
  check("listen", c.listen(fd, backlog));
}

/** Waits for the next connection. @throws {SystemCallError} EINTR, EMFILE, ENFILE */
export function accept(fd: number, flags = 0): number {
  return check("accept4", c.accept4(fd, null, null, flags));
}

/** @throws {SystemCallError} EACCES, EADDRNOTAVAIL, ECONNREFUSED, ENOENT, ETIMEDOUT */
export function connect(fd: number, address: Uint8Array<ArrayBuffer>): void {
  check("connect", c.connect(fd, address, address.length));
}

/** Sends all of `bytes` outside of hot loops. @throws {SystemCallError} ECONNREFUSED, EMSGSIZE, EPIPE */
export function sendBytes(fd: number, bytes: Uint8Array<ArrayBuffer>): void {
  check("send", c.send_bytes(fd, bytes, BigInt(bytes.length), 0));
}

/** Receives up to the length of `bytes`; returns the count, 0 where the other end was closed. */
export function receiveBytes(fd: number, bytes: Uint8Array<ArrayBuffer>, flags = 0): number {
  return check("recv", c.recv_bytes(fd, bytes, BigInt(bytes.length), flags));
}

/**
 * Lets a datagram socket receive what is sent to a multicast group, by the interface with the given
 * address.
 *
 * @throws {SystemCallError} EADDRINUSE, EINVAL, ENODEV, ENOPROTOOPT
 * @see {@link https://man7.org/linux/man-pages/man7/ip.7.html ip(7)}, IP_ADD_MEMBERSHIP
 */
export function joinGroup(fd: number, group: string, local: string): void {
  const request = new Uint8Array([...group.split("."), ...local.split(".")].map(Number));
  check("setsockopt", c.setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, request, 8), group);
}

/** Sends multicast datagrams by the interface with the given address. */
export function setMulticastInterface(fd: number, local: string): void {
  const address = new Uint8Array(local.split(".").map(Number));
  check("setsockopt", c.setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, address, 4), local);
}

/** @throws {SystemCallError} EINVAL, ENOPROTOOPT */
export function setSocketOption(fd: number, level: number, option: number, value: number): void {
  check("setsockopt", c.setsockopt(fd, level, option, new Int32Array([value]), 4));
}

/**
 * How long a receive waits before it fails with EAGAIN; 0 for as long as it takes.
 *
 * @throws {SystemCallError} EBADF, ENOTSOCK
 */
export function setReceiveTimeout(fd: number, milliseconds: number): void {
  const microseconds = Math.round((milliseconds % 1000) * 1000);
  const timeval = new BigInt64Array([
    BigInt(Math.floor(milliseconds / 1000)),
    BigInt(microseconds),
  ]);
  check("setsockopt", c.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeval, 16), "SO_RCVTIMEO");
}

/** `SK_MEMINFO_*` (`linux/sock_diag.h`): words of what SO_MEMINFO tells. */
const RMEM_ALLOC = 0;
const DROPS = 8;

/**
 * Bytes of kernel memory that what waits to be received takes, and how many messages were dropped
 * because there was no room for them.
 *
 * @throws {SystemCallError} EBADF, ENOPROTOOPT
 */
export function receiveQueue(fd: number): { bytes: number; dropped: number } {
  const meminfo = new Uint32Array(DROPS + 1);
  const size = new Uint32Array([meminfo.byteLength]);
  check("getsockopt", c.getsockopt(fd, SOL_SOCKET, SO_MEMINFO, meminfo, size), "SO_MEMINFO");
  return { bytes: meminfo[RMEM_ALLOC]!, dropped: meminfo[DROPS]! };
}

/** @throws {SystemCallError} EINVAL, ENOPROTOOPT */
export function socketOption(fd: number, level: number, option: number): number {
  const value = new Int32Array(1);
  check("getsockopt", c.getsockopt(fd, level, option, value, new Uint32Array([4])));
  return value[0]!;
}

/** Who is at the other end of a connected UNIX socket. @throws {SystemCallError} ENOTCONN */
export function peerCredentials(fd: number): { pid: number; uid: number; gid: number } {
  const ucred = new Struct(UCRED.size);
  check(
    "getsockopt",
    c.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ucred.bytes, new Uint32Array([UCRED.size])),
    "SO_PEERCRED",
  );
  return { pid: ucred.i32(UCRED.pid), uid: ucred.u32(UCRED.uid), gid: ucred.u32(UCRED.gid) };
}

/**
 * A `struct sockaddr_un` for a path of at most 107 bytes.
 *
 * @throws {SystemCallError} ENAMETOOLONG
 */
export function unixAddress(path: string): Uint8Array<ArrayBuffer> {
  const name = cString(path);
  if (name.length > SOCKADDR_UN.size - SOCKADDR_UN.sun_path) {
    throw new SystemCallError("bind", ERRNO.ENAMETOOLONG, `${path} of over 107 bytes`);
  }
  const address = new Uint8Array(SOCKADDR_UN.sun_path + name.length);
  address[SOCKADDR_UN.sun_family] = AF_UNIX;
  address.set(name, SOCKADDR_UN.sun_path);
  return address;
}

/** Dissolves the association of a datagram socket with its peer (`AF_UNSPEC`). */
export function disconnect(fd: number): void {
  connect(fd, new Uint8Array([AF_UNSPEC, 0]));
}

/** A `struct sockaddr_in`. */
export function inetAddress(ip: string, port: number): Uint8Array<ArrayBuffer> {
  const address = new Uint8Array(SOCKADDR_IN.size);
  address[SOCKADDR_IN.sin_family] = AF_INET;
  address[SOCKADDR_IN.sin_port] = port >> 8;
  address[SOCKADDR_IN.sin_port + 1] = port & 255;
  address.set(ip.split(".").map(Number), SOCKADDR_IN.sin_addr);
  return address;
}

/** The port that an Internet socket is bound to. */
export function localPort(fd: number): number {
  const address = new Struct(SOCKADDR_IN.size);
  const size = new Uint32Array([SOCKADDR_IN.size]);
  check("getsockname", c.getsockname(fd, address.bytes, size));
  return address.view.getUint16(SOCKADDR_IN.sin_port, false);
}
