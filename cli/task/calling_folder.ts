/**
 * Which folder a task was called from.
 *
 * @module
 */
import { getenv } from "../../facilities/libc/environment.ts";
import { SystemCallError } from "../../facilities/libc/errno.ts";
import { getppid, readlink } from "../../facilities/libc/unistd.ts";

/**
 * The working directory of the task runner, which starts its command in the folder of `deno.json`
 * and stays where it is itself.
 *
 * `INIT_CWD` is asked only where `/proc` does not tell: the runner keeps one that it finds in its
 * environment, where an outer task or `npm run` may have left its own.
 *
 * @param otherwise where neither tells
 */
export function callingFolder(otherwise: string): string {
  try {
    return readlink(`/proc/${getppid()}/cwd`);
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    return getenv("INIT_CWD") ?? otherwise;
  }
}
