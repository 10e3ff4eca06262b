/**
 * The end of the process: with an exit code that the command line has chosen, or with 4.
 *
 * @module
 */
import { complain } from "./standard_streams.ts";

let chosen = false;

/** Ends the process. */
export function end(code: number): never {
  chosen = true;
  Deno.exit(code);
}

/**
 * From now on the process ends with code 4 where somebody else ends it: a module that calls
 * `Deno.exit`, whose 0 would pass a check and whose 1 would be a regression, or an event loop that has
 * run dry before the command was over.
 */
export function onlyEndByUs(): void {
  globalThis.addEventListener("unload", () => {
    if (chosen) return;
    Deno.exitCode = 4;
    complain("the suite failed: it was ended before its command was over");
  });
}
