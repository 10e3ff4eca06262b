/**
 * How wide the terminal is that a command's text goes to.
 *
 * @module
 */

/** What a terminal has that does not say, such as a serial console, which reports 0. */
const USUAL = 80;
/** A terminal that reports fewer columns than one word needs is taken not to say either. */
const LEAST = 20;

/** Columns of a terminal that reported this many. */
export function widthOf(reported: number): number {
  return reported >= LEAST ? reported : USUAL;
}

/** The width of what stdout is; `otherwise` where that is no terminal. */
export function columns(otherwise = 100): number {
  return Deno.stdout.isTerminal() ? terminalColumns() : otherwise;
}

/** The width of the terminal that the command runs in. */
export function terminalColumns(): number {
  return widthOf(Deno.consoleSize().columns);
}
