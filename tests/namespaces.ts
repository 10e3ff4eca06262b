/** Whether tests may make namespaces of their own, in which they mount and limit things. @module */
import { geteuid } from "../facilities/libc/unistd.ts";

/** Why they cannot, or null: root of most containers may not. */
export const WITHOUT_NAMESPACES: string | null = whyNot();

function whyNot(): string | null {
  if (geteuid() !== 0) return "only root can mount, and make namespaces for that";
  try {
    const { success } = new Deno.Command("unshare", {
      args: ["--mount", "--ipc", "--pid", "--fork", "mount", "-t", "tmpfs", "none", "/mnt"],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success ? null : "this root may not make namespaces and mount in them";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no command unshare";
    throw error;
  }
}

/** Says to a program that it is alone. */
const ALONE = "IPC_TAXONOMY_ALONE";
const PREPARE = `mount -t tmpfs none /dev/shm && exec "$@"`;

/**
 * Runs a program of the tests, with this one's arguments, in namespaces in which nobody else makes
 * kernel objects; returns its exit code. Null where this process is in them already, or may make none.
 */
export async function alone(program: string, ...flags: string[]): Promise<number | null> {
  if (WITHOUT_NAMESPACES !== null || Deno.env.has(ALONE)) return null;
  const child = new Deno.Command("unshare", {
    args: [
      ...["--ipc", "--mount", "sh", "-c", PREPARE, "sh", Deno.execPath()],
      ...["run", "--quiet", "--allow-all", ...flags, program, ...Deno.args],
    ],
    env: { [ALONE]: "1" },
  }).spawn();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => child.kill(signal));
  }
  return (await child.status).code;
}
