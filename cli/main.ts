/**
 * The command line: finds the command, runs it, and turns whatever happens into one line and an exit
 * code.
 *
 * @module
 */
import { setColorEnabled } from "@std/fmt/colors";
import { CommanderError } from "commander";
import { ignoreSignal, SIGXFSZ } from "../facilities/libc/signal_action.ts";
import { saidBy, UserError } from "../workloads/runner/errors.ts";
import { end, onlyEndByUs } from "./ending.ts";
import { Interruption } from "./interruption.ts";
import { program } from "./program.ts";
import { complain, quietConsole } from "./standard_streams.ts";

/** Runs the command line; returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    let code = 0;
    const command = await program(args[0], (value) => code = value);
    await command.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  // Commander has printed what it has to say; help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    complain(error.message);
    return error.exitCode;
  }
  complain(`the suite failed: ${saidBy(error)}`);
  return 4;
}

/**
 * Runs a command line, by default the one that this process was started with, and ends.
 *
 * It is not to be awaited: where nothing is left to wait for, the process ends too, with code 4.
 */
export function main(args: readonly string[] = Deno.args): void {
  quietConsole();
  onlyEndByUs();
  ignoreSignal(SIGXFSZ); // for the participants too, which inherit that
  if (!Deno.stdout.isTerminal()) setColorEnabled(false);
  let failure: number | null = null;
  // What a facility's module throws once it is loaded can be caught nowhere else.
  const fail = (event: Event, error: unknown) => {
    event.preventDefault();
    failure ??= report(error);
    // What goes on ends in order, so that nothing of it is left.
    if (!Interruption.abortAll()) end(failure);
  };
  globalThis.addEventListener("unhandledrejection", (event) => fail(event, event.reason));
  globalThis.addEventListener("error", (event) => fail(event, event.error));
  run(args).then((code) => end(failure ?? code));
}

if (import.meta.main) main();
