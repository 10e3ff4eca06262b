/**
 * `termios.h`: what the line discipline of a terminal does with the bytes that pass it.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/termios.3.html termios(3)}
 * @module
 */
import { check } from "./errno.ts";
import { openLate } from "./library.ts";
import { Struct } from "./memory.ts";

/** `c_lflag` (`asm-generic/termbits.h`). */
export const ISIG = 0o1;
export const ICANON = 0o2;
export const ECHO = 0o10;

/** Rubs the erased character out on the screen. */
const ECHOE = 0o20;
/** `c_oflag`: a newline is put out as carriage return and newline. */
const OPOST = 0o1;
const ONLCR = 0o4;
/** Which control character. */
const VINTR = 0;
const VERASE = 2;

const TCSANOW = 0;
/** A control character that is switched off. */
const POSIX_VDISABLE = 0;

/** `struct termios` */
const TERMIOS = { size: 60, c_oflag: 4, c_lflag: 12, c_cc: 17 };
/** Control characters. */
const NCCS = 32;

const c = openLate({
  tcgetattr: { parameters: ["i32", "pointer"], result: "i32" },
  tcsetattr: { parameters: ["i32", "i32", "pointer"], result: "i32" },
  cfmakeraw: { parameters: ["pointer"], result: "void" },
});

function attributes(fd: number): Struct {
  const termios = new Struct(TERMIOS.size);
  check("tcgetattr", c.tcgetattr(fd, termios.pointer));
  return termios;
}

/** The local modes of a terminal: `ICANON`, `ECHO`, `ISIG`, ... @throws {SystemCallError} ENOTTY */
export function localModes(fd: number): number {
  return attributes(fd).u32(TERMIOS.c_lflag);
}

/** Every byte passes as it is and at once. @throws {SystemCallError} EBADF, ENOTTY */
export function setRaw(fd: number): void {
  const termios = attributes(fd);
  c.cfmakeraw(termios.pointer);
  check("tcsetattr", c.tcsetattr(fd, TCSANOW, termios.pointer));
}

/**
 * As a terminal is for people: echo, lines that can be edited, `^C` for SIGINT.
 *
 * @throws {SystemCallError} EBADF, ENOTTY
 */
export function setCooked(fd: number): void {
  const termios = attributes(fd);
  termios
    .setI32(TERMIOS.c_oflag, termios.i32(TERMIOS.c_oflag) | OPOST | ONLCR)
    .setI32(TERMIOS.c_lflag, termios.i32(TERMIOS.c_lflag) | ICANON | ECHO | ECHOE | ISIG);
  termios.bytes[TERMIOS.c_cc + VINTR] = 0x03; // ^C
  termios.bytes[TERMIOS.c_cc + VERASE] = 0x7f; // DEL
  check("tcsetattr", c.tcsetattr(fd, TCSANOW, termios.pointer));
}

/**
 * Input is handed out line by line, and nothing else is done to it: no echo, no editing, no
 * signals, no character but the newline has a meaning.
 *
 * @throws {SystemCallError} EBADF, ENOTTY
 */
export function setLineByLine(fd: number): void {
  const termios = attributes(fd);
  c.cfmakeraw(termios.pointer);
  termios.setI32(TERMIOS.c_lflag, termios.i32(TERMIOS.c_lflag) | ICANON);
  termios.bytes.fill(POSIX_VDISABLE, TERMIOS.c_cc, TERMIOS.c_cc + NCCS);
  check("tcsetattr", c.tcsetattr(fd, TCSANOW, termios.pointer));
}
