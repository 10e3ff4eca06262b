/**
 * `sys/prctl.h`: what a process asks of the kernel for itself.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/prctl.2.html prctl(2)}
 * @module
 */
import { check } from "./errno.ts";
import { openRare } from "./library.ts";
import { getppid } from "./unistd.ts";

const PR_SET_PDEATHSIG = 1;
const PR_SET_TIMERSLACK = 29;
const SIGKILL = 9n;

const { prctl } = openRare({
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
});

/**
 * Dies with the process `parent`: the kernel kills this one when that one ends. False where the
 * parent is gone already.
 */
export function dieWithParent(parent: number): boolean {
  check("prctl", prctl(PR_SET_PDEATHSIG, SIGKILL, 0n, 0n, 0n), "PR_SET_PDEATHSIG");
  return getppid() === parent;
}

/** How late timers of this thread may fire, so that several fire at once; 0 for the default, 50 µs. */
export function setTimerSlack(nanoseconds: number): void {
  const slack = BigInt(nanoseconds);
  check("prctl", prctl(PR_SET_TIMERSLACK, slack, 0n, 0n, 0n), "PR_SET_TIMERSLACK");
}
