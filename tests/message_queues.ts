/** The POSIX message queues that there are: unlike other objects, only a file system shows them. @module */
import { listFolder, tryReadText } from "../facilities/libc/files.ts";
import { geteuid } from "../facilities/libc/unistd.ts";

const USUAL = "/dev/mqueue";
/** In a namespace of its own, so that nobody else has it mounted. */
const LIST = "mount -t mqueue none /mnt && ls -A /mnt";

/**
 * Names of the queues of this IPC namespace, with the slash.
 *
 * Where the file system is not mounted only root can see them; anyone else gets none.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/mq_overview.7.html mq_overview(7)}
 */
export function messageQueues(): string[] {
  return names().filter((name) => name !== "").map((name) => `/${name}`);
}

function names(): string[] {
  if (tryReadText("/proc/self/mounts")?.includes(` ${USUAL} mqueue `)) return listFolder(USUAL);
  if (geteuid() !== 0) return [];
  const { success, stdout, stderr } = new Deno.Command("unshare", {
    args: ["--mount", "sh", "-c", LIST],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).outputSync();
  const text = new TextDecoder();
  // Root of a container may mount nothing.
  if (!success && !/permission|not permitted/i.test(text.decode(stderr))) {
    throw new Error(`Cannot list the message queues: ${text.decode(stderr)}`);
  }
  return success ? text.decode(stdout).split("\n") : [];
}
