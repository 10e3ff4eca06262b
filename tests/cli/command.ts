/** Runs the command line as a user does, in a process of its own. @module */
import { fromFileUrl } from "../paths.ts";

const MAIN = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

const ENVIRONMENT = [
  ...["TMPDIR", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"],
  ...["IPC_TAXONOMY_STORE", "PGPASSWORD", "PGAPPNAME", "PGTARGETSESSIONATTRS"],
];

/** The permissions of the tasks in `deno.json`; those of some may start any program. */
export function permissions(run = `--allow-run=${Deno.execPath()}`): string[] {
  return [
    "--allow-ffi",
    run,
    "--allow-read",
    "--allow-write=.,/tmp",
    "--allow-net",
    `--allow-env=${ENVIRONMENT.join(",")}`,
  ];
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
