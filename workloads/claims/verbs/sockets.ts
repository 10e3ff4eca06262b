/**
 * What a participant does with sockets of its own, below the contract.
 *
 * @module
 */
import {
  bind,
  connect,
  inetAddress,
  joinGroup,
  localPort,
  setMulticastInterface,
  setSocketOption,
  SO_BROADCAST,
  SO_DOMAIN,
  SO_PROTOCOL,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_TYPE,
  SOCK_CLOEXEC,
  socket,
  socketOption,
  SOL_SOCKET,
} from "../../../facilities/libc/sys_socket.ts";
import { close } from "../../../facilities/libc/unistd.ts";
import { afterwards } from "./held.ts";

/** Domain, type and protocol of a socket. */
export type Kind = readonly [domain: number, type: number, protocol: number];

/** What kind of socket a descriptor is. */
export function kindOf(fd: number): Kind {
  const [domain, type, protocol] = [SO_DOMAIN, SO_TYPE, SO_PROTOCOL].map((option) =>
    socketOption(fd, SOL_SOCKET, option)
  );
  return [domain!, type!, protocol!];
}

/** Another socket of a kind. */
export function openSocket([domain, type, protocol]: Kind): number {
  const fd = socket(domain, type | SOCK_CLOEXEC, protocol);
  afterwards(() => close(fd));
  return fd;
}

/** Binds it to an address, which others may have, too, if `shared`; returns the port. */
export function bindTo(fd: number, address: string, port = 0, shared = false): number {
  if (shared) setSocketOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  bind(fd, inetAddress(address, port));
  return localPort(fd);
}

export function connectTo(fd: number, address: string, port: number): void {
  connect(fd, inetAddress(address, port));
}

/** Allows it to send to all at once. */
export function allowBroadcast(fd: number): void {
  setSocketOption(fd, SOL_SOCKET, SO_BROADCAST, 1);
}

/** Receives what is sent to the group over the loopback interface. */
export function join(fd: number, group: string): void {
  joinGroup(fd, group, LOOPBACK);
}

/** Sends to groups over the loopback interface. */
export function multicastLocally(fd: number): void {
  setMulticastInterface(fd, LOOPBACK);
}

const LOOPBACK = "127.0.0.1";

/** How much room the socket has for what it received, bytes. */
export function receiveBuffer(fd: number): number {
  return socketOption(fd, SOL_SOCKET, SO_RCVBUF);
}
