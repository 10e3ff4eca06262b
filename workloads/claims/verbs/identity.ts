/** Who a participant is. @module */
import { getpid, gettid } from "../../../facilities/libc/unistd.ts";
import { closeForeign } from "./descriptors.ts";
import { letGo } from "./held.ts";

/** Its process, and the thread that its calls run in. */
export function identity(): { process: number; thread: number } {
  return { process: getpid(), thread: gettid() };
}

/** Becomes as it was at the start. */
export function reset(): void {
  letGo();
  closeForeign();
}
