/**
 * Launch prefixes: what stands before Deno on a participant's command line, or another Deno.
 *
 * @module
 */
import { basename, resolve } from "node:path";
import { InputError, reasonOf } from "../../workloads/runner/errors.ts";
import type { Launcher } from "../../workloads/runner/trial.ts";

/**
 * Reads a prefix such as `chrt -f 50`, or one that ends with a Deno binary, and tries it.
 *
 * @throws {InputError} nothing starts with it, or what starts is no Deno
 */
export async function launcherOf(prefix: string): Promise<Launcher> {
  const words = wordsOf(prefix);
  const last = words.at(-1);
  const isDeno = last !== undefined && /^deno/.test(basename(last));
  const launcher = isDeno
    ? { before: words.slice(0, -1), deno: last.includes("/") ? resolve(last) : last }
    : { before: words, deno: Deno.execPath() };
  const question = ["eval", "console.log(Deno.execPath())"];
  const refuse = (reason: string, cause?: unknown) =>
    new InputError(`Cannot start participants with "${prefix}": ${reason}`, { cause });
  const [command = launcher.deno, ...rest] = [...launcher.before, launcher.deno];
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(command, { args: [...rest, ...question], stdin: "null" })
      .output();
  } catch (cause) {
    throw refuse(reasonOf(cause), cause);
  }
  const decoder = new TextDecoder();
  if (!output.success) {
    const said = decoder.decode(output.stderr).trim().split("\n")[0];
    throw refuse(said || `it ended with code ${output.code}`);
  }
  if (!decoder.decode(output.stdout).startsWith("/")) throw refuse("it does not start Deno");
  return launcher;
}

/** Words separated by blanks; quotes keep blanks together. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)]
    .map(([, double, single, bare]) => double ?? single ?? bare!);
}
