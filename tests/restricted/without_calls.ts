/**
 * Runs a command to which the kernel refuses System V or POSIX message queues with EPERM:
 * `without_calls.ts FAMILY PROGRAM [ARGUMENT...]`.
 *
 * @module
 */
import { ERRNO } from "../../facilities/libc/errno.ts";
import { refuseSystemCalls } from "../../facilities/libc/linux_seccomp.ts";

/** `asm/unistd_64.h` and `asm-generic/unistd.h` */
const NUMBERS = {
  x86_64: { mq: [240, 241, 242, 243, 244, 245], msg: [68, 69, 70, 71] },
  aarch64: { mq: [180, 181, 182, 183, 184, 185], msg: [186, 187, 188, 189] },
} as const;

const [families, program, ...args] = Deno.args as [string, string, ...string[]];
for (const family of families.split(",") as ("mq" | "msg")[]) {
  const numbers = NUMBERS[Deno.build.arch][family];
  refuseSystemCalls(numbers, family === "mq" ? ERRNO.ENOSYS : ERRNO.EPERM);
}
const { code } = await new Deno.Command(program, { args, stdin: "inherit" }).spawn().status;
Deno.exit(code);
