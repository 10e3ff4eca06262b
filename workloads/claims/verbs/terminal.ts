/**
 * What a participant does with a terminal, below the contract.
 *
 * @module
 */
import { becomeControllingTerminal, bytesAvailable } from "../../../facilities/libc/sys_ioctl.ts";
import * as termios from "../../../facilities/libc/termios.ts";
import { setsid } from "../../../facilities/libc/unistd.ts";

/** As a terminal is for people. */
export function setCooked(fd: number): void {
  termios.setCooked(fd);
}

/** Every byte passes as it is. */
export function setRaw(fd: number): void {
  termios.setRaw(fd);
}

/** Begins a session with this terminal, so that its process group is in the foreground. */
export function takeTerminal(fd: number): void {
  setsid();
  becomeControllingTerminal(fd);
}

/** How many bytes can be read at once. */
export function available(fd: number): number {
  return bytesAvailable(fd);
}
