/**
 * Runs a command to which the kernel refuses some system calls, as sandboxes and containers do:
 * `without_calls.ts FAMILY[,FAMILY...] PROGRAM [ARGUMENT...]`.
 *
 * @module
 */
import { ERRNO, type ErrnoName } from "../../facilities/libc/errno.ts";
import { type Refused, refuseSystemCalls } from "../../facilities/libc/linux_seccomp.ts";
import { AF_INET } from "../../facilities/libc/sys_socket.ts";

interface Family {
  readonly errno: ErrnoName;
  /** `asm/unistd_64.h` and `asm-generic/unistd.h` */
  readonly x86_64: readonly Refused[];
  readonly aarch64: readonly Refused[];
}

const numbers = (...all: number[]): Refused[] => all.map((number) => ({ number }));

const FAMILIES: Readonly<Record<string, Family>> = {
  mq: {
    errno: "ENOSYS",
    x86_64: numbers(240, 241, 242, 243, 244, 245),
    aarch64: numbers(180, 181, 182, 183, 184, 185),
  },
  msg: { errno: "EPERM", x86_64: numbers(68, 69, 70, 71), aarch64: numbers(186, 187, 188, 189) },
  memfd: { errno: "ENOSYS", x86_64: numbers(319), aarch64: numbers(279) },
  // RestrictAddressFamilies of systemd
  inet: {
    errno: "EAFNOSUPPORT",
    x86_64: [{ number: 41, first: AF_INET }],
    aarch64: [{ number: 198, first: AF_INET }],
  },
  affinity: { errno: "EPERM", x86_64: numbers(203), aarch64: numbers(122) },
  scheduler: { errno: "EPERM", x86_64: numbers(144), aarch64: numbers(119) },
};

const [families, program, ...args] = Deno.args as [string, string, ...string[]];
for (const name of families.split(",")) {
  const family = FAMILIES[name]!;
  refuseSystemCalls(family[Deno.build.arch], ERRNO[family.errno]);
}
const { code } = await new Deno.Command(program, { args, stdin: "inherit" }).spawn().status;
Deno.exit(code);
