/** Runs the command line with a terminal of a given width for its output. @module */
import { O_CLOEXEC, O_NOCTTY, O_RDWR, open, setNonBlocking } from "../../facilities/libc/fcntl.ts";
import { Memory } from "../../facilities/libc/memory.ts";
import { grantpt, posixOpenpt, ptsname, unlockpt } from "../../facilities/libc/stdlib.ts";
import { close, read } from "../../facilities/libc/unistd.ts";
import { fromFileUrl } from "../paths.ts";
import { permissions } from "./command.ts";

const MAIN = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

/** The lines that a command writes to a terminal which reports so many columns, and how it ends. */
export async function inTerminal(
  columns: number,
  ...args: string[]
): Promise<{ code: number; lines: string[] }> {
  using opened = new DisposableStack();
  const master = opened.adopt(posixOpenpt(O_RDWR | O_NOCTTY | O_CLOEXEC), close);
  grantpt(master);
  unlockpt(master);
  setNonBlocking(master, true);
  // With none open the master reads EIO.
  const slave = opened.adopt(open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC), close);
  const buffer = opened.use(Memory.allocate(4096));
  const run = [Deno.execPath(), "run", "--quiet", "--no-prompt", ...permissions(), MAIN, ...args];
  const child = new Deno.Command("sh", {
    args: ["-c", 'stty cols "$1" -onlcr <"$0"; shift; exec "$@" >"$0" 2>&1', ptsname(master)]
      .concat(`${columns}`, run),
    stdin: "null",
    stderr: "null",
  }).spawn();
  let code: number | null = null;
  const ended = child.status.then((status) => code = status.code);
  let text = "";
  const decoder = new TextDecoder();
  for (;;) {
    const hasEnded = code !== null;
    const length = read(master, buffer.pointer, 4096n);
    if (length > 0) text += decoder.decode(buffer.bytes.slice(0, length), { stream: true });
    else if (hasEnded) break;
    else await new Promise((resolve) => setTimeout(resolve, 5));
  }
  void slave;
  return { code: await ended, lines: text.trimEnd().split("\n") };
}
