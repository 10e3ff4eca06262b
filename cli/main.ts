/**
 * The command line: finds the command, runs it, and turns whatever happens into one line and an exit
 * code.
 *
 * @module
 */
import { setColorEnabled } from "@std/fmt/colors";
import { CommanderError } from "commander";
import { ignoreSignal, SIGXFSZ } from "../facilities/libc/signal_action.ts";
import { oneLine, saidBy, UserError } from "../workloads/runner/errors.ts";
import { Interruption } from "./interruption.ts";
import { program } from "./program.ts";

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
    console.error(`ipc-taxonomy: ${error.message}`);
    return error.exitCode;
  }
  console.error(`ipc-taxonomy: the suite failed: ${oneLine(saidBy(error))}`);
  return 4;
}

/** Runs the command line that this process was started with, and ends. */
export async function main(): Promise<never> {
  ignoreSignal(SIGXFSZ); // for the participants too, which inherit that
  if (!Deno.stdout.isTerminal()) setColorEnabled(false);
  let failure: number | null = null;
  // What a facility's module throws once it is loaded can be caught nowhere else.
  const fail = (event: Event, error: unknown) => {
    event.preventDefault();
    failure ??= report(error);
    // What goes on ends in order, so that nothing of it is left.
    if (!Interruption.abortAll()) Deno.exit(failure);
  };
  globalThis.addEventListener("unhandledrejection", (event) => fail(event, event.reason));
  globalThis.addEventListener("error", (event) => fail(event, event.error));
  const code = await run(Deno.args);
  Deno.exit(failure ?? code);
}

if (import.meta.main) await main();
