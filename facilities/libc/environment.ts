/**
 * `stdlib.h`: the variables that the process was started with.
 *
 * @see {@link https://man7.org/linux/man-pages/man3/getenv.3.html getenv(3)}
 * @module
 */
import { openRare } from "./library.ts";
import { cString } from "./strings.ts";

const c = openRare({
  getenv: { parameters: ["buffer"], result: "pointer" },
});

/** The value of a variable, or null. Needs no `--allow-env`. */
export function getenv(name: string): string | null {
  const value = c.getenv(cString(name));
  return value && Deno.UnsafePointerView.getCString(value);
}
