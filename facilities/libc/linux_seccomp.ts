/**
 * `linux/seccomp.h`: refusing system calls to oneself, as the sandboxes of containers do.
 *
 * The filter holds for the calling thread and for whatever it starts, and cannot be taken off.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/seccomp.2.html seccomp(2)}
 * @module
 */
import { check } from "./errno.ts";
import { openRare } from "./library.ts";
import { Struct } from "./memory.ts";

const PR_SET_SECCOMP = 22;
const PR_SET_NO_NEW_PRIVS = 38;
const SECCOMP_MODE_FILTER = 2n;
const SECCOMP_RET_ERRNO = 0x0005_0000;
const SECCOMP_RET_ALLOW = 0x7fff_0000;

/** `struct sock_filter`, `struct sock_fprog` */
const SOCK_FILTER = { size: 8, code: 0, jt: 2, jf: 3, k: 4 };
const SOCK_FPROG = { size: 16, len: 0, filter: 8 };
/** `struct seccomp_data`; of an argument, the lower word where numbers begin with it. */
const SECCOMP_DATA = { nr: 0, args: 16 };
/** `linux/bpf_common.h`: load a word, jump if equal, return */
const [LOAD, JUMP_EQUAL, RETURN] = [0x20, 0x15, 0x06];
const c = openRare({
  // int prctl(int option, ...)
  no_new_privs: {
    name: "prctl",
    parameters: ["i32", "u64", "u64", "u64", "u64"],
    result: "i32",
  },
  set_seccomp: { name: "prctl", parameters: ["i32", "u64", "pointer"], result: "i32" },
});

/** A system call; with `first` only where its first argument is that. */
export interface Refused {
  readonly number: number;
  readonly first?: number;
}

/**
 * Lets these calls fail with an errno from now on.
 *
 * @throws {SystemCallError} EACCES, EINVAL
 */
export function refuseSystemCalls(calls: readonly Refused[], errno: number): void {
  const refuse = { code: RETURN, k: SECCOMP_RET_ERRNO | errno };
  const steps: { code: number; k: number; jf?: number }[] = calls.flatMap(({ number, first }) => [
    { code: LOAD, k: SECCOMP_DATA.nr },
    { code: JUMP_EQUAL, k: number, jf: first === undefined ? 1 : 3 },
    ...(first === undefined ? [] : [
      { code: LOAD, k: SECCOMP_DATA.args },
      { code: JUMP_EQUAL, k: first, jf: 1 },
    ]),
    refuse,
  ]);
  steps.push({ code: RETURN, k: SECCOMP_RET_ALLOW });
  const filter = new Struct(steps.length * SOCK_FILTER.size);
  for (const [index, { code, k, jf = 0 }] of steps.entries()) {
    const at = index * SOCK_FILTER.size;
    filter.view.setUint16(at + SOCK_FILTER.code, code, true);
    filter.view.setUint8(at + SOCK_FILTER.jf, jf);
    filter.view.setUint32(at + SOCK_FILTER.k, k, true);
  }
  const program = new Struct(SOCK_FPROG.size);
  program.view.setUint16(SOCK_FPROG.len, steps.length, true);
  program.view.setBigUint64(SOCK_FPROG.filter, Deno.UnsafePointer.value(filter.pointer), true);
  check("prctl", c.no_new_privs(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n), "PR_SET_NO_NEW_PRIVS");
  check(
    "prctl",
    c.set_seccomp(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program.pointer),
    "PR_SET_SECCOMP",
  );
}
