/**
 * What a task of `deno.json` starts: becomes a command or a tool of the suite, with the permissions
 * that it needs and for the folder that the task was called from.
 *
 *     deno run --allow-ffi --allow-read cli/task.ts COMMAND [ARGUMENT...]
 *     deno run --allow-ffi --allow-read cli/task.ts OPTION... PROGRAM.ts [ARGUMENT...]
 *
 * No shell sees a path, so paths may hold any character. It stays one process (execve(2)), so that
 * signals and exit codes need nobody to hand them on.
 *
 * @module
 */
import "../facilities/libc/uncompiled.ts";
import { basename, dirname, relative, resolve } from "node:path";
import { getenv, setenv } from "../facilities/libc/environment.ts";
import { execv } from "../facilities/libc/unistd.ts";
import { InputError, reasonOf, saidBy, UserError } from "../workloads/runner/errors.ts";
import { complain } from "./standard_streams.ts";
import { callingFolder } from "./task/calling_folder.ts";
import { NEEDS, optionsOf, SUMMARY_VARIABLE, THIS_DENO } from "./task/permissions.ts";

const CHECKOUT = dirname(import.meta.dirname!);

interface Launch {
  /** The folder it starts in. */
  readonly folder: string;
  /** What `deno run` gets. */
  readonly args: readonly string[];
}

/**
 * A command starts in the checkout, so that it may write there whatever the checkout's path holds, and
 * goes on in the folder that the task was called from.
 *
 * @throws {InputError} Deno has no way to let it write there
 */
function command(name: string, args: readonly string[], calledFrom: string): Launch {
  const needs = NEEDS[name] ?? {};
  const given = [getenv("TMPDIR"), needs.github ? getenv(SUMMARY_VARIABLE) : null]
    .filter((path) => path !== null && path !== "")
    .map((path) => resolve(calledFrom, path!));
  const below = (path: string) => [CHECKOUT, "/tmp"].some((folder) => isBelow(path, folder));
  const beyond = [calledFrom, ...given].filter((path) => !below(path));
  if (beyond[0] === calledFrom && calledFrom.includes(",")) {
    throw new InputError(
      `Cannot run in ${calledFrom}: Deno's lists of permissions take no path with a comma; ` +
        "call the task from another folder, such as the checkout",
    );
  }
  const writable = [".", "/tmp", ...beyond.filter((path) => !path.includes(","))];
  const program = `${CHECKOUT}/cli/called_from.ts`;
  return {
    folder: CHECKOUT,
    args: [...optionsOf(needs, writable), program, calledFrom, name, ...args],
  };
}

/** A tool starts where the task was called from; its first word that is no option is the program. */
function tool(words: readonly string[], calledFrom: string): Launch {
  const at = words.findIndex((word) => !word.startsWith("-"));
  const program = resolve(CHECKOUT, words[at] ?? "");
  return { folder: calledFrom, args: [...words.slice(0, at), program, ...words.slice(at + 1)] };
}

function isBelow(path: string, folder: string): boolean {
  return !/^\.\.(\/|$)/.test(relative(folder, path));
}

/** Lets it start this Deno again: by its path, or where that has a comma by its name. */
function allowThisDeno(deno: string, option: string): string {
  if (option !== THIS_DENO) return option;
  if (!deno.includes(",")) return `--allow-run=${deno}`;
  setenv("PATH", `${dirname(deno)}:${getenv("PATH") ?? ""}`);
  return `--allow-run=${basename(deno)}`;
}

function become({ folder, args }: Launch): never {
  const deno = Deno.execPath();
  try {
    Deno.chdir(folder);
  } catch (cause) {
    throw new InputError(`Cannot run in ${folder}: ${reasonOf(cause)}`, { cause });
  }
  execv(deno, ["deno", "run", ...args.map((arg) => allowThisDeno(deno, arg))]);
}

if (import.meta.main) {
  try {
    const [name = "", ...args] = Deno.args;
    const calledFrom = callingFolder(CHECKOUT);
    become(
      Object.hasOwn(NEEDS, name)
        ? command(name, args, calledFrom)
        : tool([name, ...args], calledFrom),
    );
  } catch (error) {
    complain(error instanceof UserError ? error.message : `the suite failed: ${saidBy(error)}`);
    Deno.exit(error instanceof UserError ? error.exitCode : 4);
  }
}
