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
