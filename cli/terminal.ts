/**
 * The terminal that a command's text goes to.
 *
 * @module
 */

/** Its width; 100 where stdout is no terminal. */
export function columns(): number {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : 100;
}
