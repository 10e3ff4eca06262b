/**
 * Room for one more descriptor when a process has as many as it may have.
 *
 * @module
 */
import { isErrno } from "./libc/errno.ts";
import { O_CLOEXEC, O_RDONLY, open } from "./libc/fcntl.ts";
import { close } from "./libc/unistd.ts";

const STANDARD_INPUT = 0;

/**
 * Makes sure that one more file can be opened, for what must be done to the end: where no descriptor
 * is left, that of the standard input goes, which nobody reads.
 */
export function spareDescriptor(): void {
  try {
    close(open("/", O_RDONLY | O_CLOEXEC));
  } catch (error) {
    if (isErrno(error, "EMFILE")) close(STANDARD_INPUT);
    else throw error;
  }
}
