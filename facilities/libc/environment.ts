/**
 * `stdlib.h`: the variables that the process was started with, and that what it becomes gets.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/getenv.3.html getenv(3)},
 * {@link https://man7.org/linux/man-pages/man3/setenv.3.html setenv(3)}
 * @module
 */
import { check } from "./errno.ts";
import { openRare } from "./library.ts";
import { cString } from "./strings.ts";

const c = openRare({
  getenv: { parameters: ["buffer"], result: "pointer" },
  setenv: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
});

/** The value of a variable, or null. Needs no `--allow-env`. */
export function getenv(name: string): string | null {
  const value = c.getenv(cString(name));
  return value && Deno.UnsafePointerView.getCString(value);
}

/** Sets a variable, whether it is there or not. @throws {SystemCallError} EINVAL, ENOMEM */
export function setenv(name: string, value: string): void {
  check("setenv", c.setenv(cString(name), cString(value), 1), name);
}
