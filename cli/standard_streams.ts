/**
 * Text on its way out of a command: to stdout whole or with an error, to stderr whatever comes of it.
 *
 * @module
 */
import { poll, POLLOUT } from "../facilities/libc/poll.ts";
import { reasonOf, SuiteError } from "../workloads/runner/errors.ts";
import { oneLine } from "../workloads/runner/foreign_text.ts";

const encoder = new TextEncoder();

/**
 * Writes a text to stdout. Once its reader has gone (`| head -1`), nobody wants the rest: that is no
 * error, and the command goes on with whatever else it has to do.
 *
 * @throws {SuiteError} it cannot be written, for example to a full disk
 */
export function print(text: string): void {
  try {
    writeAll(Deno.stdout, STDOUT, text);
  } catch (cause) {
    if (cause instanceof Deno.errors.BrokenPipe) return;
    throw new SuiteError(`Cannot write to stdout: ${reasonOf(cause)}`, { cause });
  }
}

/** Writes a text to stderr. Where that is closed or full, there is nobody left to tell. */
export function tell(text: string): void {
  try {
    writeAll(Deno.stderr, STDERR, text);
  } catch {
    // An error here must not become the command's exit code.
  }
}

/** Tells what went wrong, in one line. */
export function complain(message: string): void {
  tell(`ipc-taxonomy: ${oneLine(message)}\n`);
}

const [STDOUT, STDERR] = [1, 2];

/** A stream that another program has made non-blocking takes what it can, and then has to be waited for. */
function writeAll(stream: typeof Deno.stdout, fd: number, text: string): void {
  for (let rest = encoder.encode(text); rest.length > 0;) {
    try {
      rest = rest.subarray(stream.writeSync(rest));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      poll(fd, POLLOUT, -1);
    }
  }
}

/**
 * From now on nothing that is printed through `console`, by whatever module, throws.
 *
 * The runtime's own `console.error` throws where stderr is full, also in the middle of reporting another
 * error, and a throw that nobody catches ends a process with code 1, which means a regression.
 */
export function quietConsole(): void {
  const methods = console as unknown as Record<string, unknown>;
  for (const [name, method] of Object.entries(methods)) {
    if (typeof method !== "function") continue;
    methods[name] = (...words: unknown[]) => {
      try {
        return method.apply(console, words);
      } catch {
        // What cannot be printed, by its stream or by itself, is not.
      }
    };
  }
}
