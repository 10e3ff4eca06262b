/**
 * `sys/utsname.h`: the names of this machine and its kernel.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/uname.2.html uname(2)}
 * @module
 */
import { check } from "./errno.ts";
import { openRare } from "./library.ts";
import { fromCString } from "./strings.ts";

/** Bytes of each field of a `struct utsname`. */
const FIELD = 65;

const c = openRare({
  uname: { parameters: ["buffer"], result: "i32" },
});

/** What `uname -a` prints, field by field. */
export interface SystemNames {
  system: string;
  /** The host name. */
  node: string;
  /** Kernel release, such as `6.18.5`. */
  release: string;
  version: string;
  /** Architecture as the kernel calls it, such as `x86_64`. */
  machine: string;
}

export function uname(): SystemNames {
  const names = new Uint8Array(6 * FIELD);
  check("uname", c.uname(names));
  const field = (index: number) => fromCString(names.subarray(index * FIELD, (index + 1) * FIELD));
  return {
    system: field(0),
    node: field(1),
    release: field(2),
    version: field(3),
    machine: field(4),
  };
}
