/** Runs the command line as a user does, in a process of its own. @module */
import { optionsOf, THIS_DENO } from "../../cli/task/permissions.ts";
import { fromFileUrl } from "../paths.ts";

const MAIN = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

/** The permissions of all commands together; those of some may start any program. */
export function permissions(run = `--allow-run=${Deno.execPath()}`): string[] {
  const all = optionsOf({ starts: "itself", store: true, github: true }, [".", "/tmp"]);
  return all.map((option) => option === THIS_DENO ? run : option);
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Starts a command; its output is piped. */
export function start(
  args: readonly string[],
  temporary?: string,
  environment: Readonly<Record<string, string>> = {},
  run?: string,
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...permissions(run), MAIN, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { GITHUB_ACTIONS: "", ...environment, ...(temporary && { TMPDIR: temporary }) },
  }).spawn();
}

/** Runs a command to its end. */
export async function command(...args: string[]): Promise<Ended> {
  return await end(start(args));
}

export async function end(child: Deno.ChildProcess): Promise<Ended> {
  const decoder = new TextDecoder();
  const { code, stdout, stderr } = await child.output();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
