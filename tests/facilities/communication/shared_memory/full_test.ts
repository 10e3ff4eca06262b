import { assertEquals, assertMatch } from "@std/assert";
import { removeScope } from "../../../../facilities/scope.ts";
import { withFolder } from "../../together.ts";

/** A mount namespace of its own, in which `/dev/shm` has room for 64 KiB. */
const SMALL = [
  ...["--map-root-user", "--mount", "sh", "-c"],
  `mount -t tmpfs -o size=64k tmpfs /dev/shm && exec "$@"`,
  "sh",
];

function inSmall(command: string, ...args: string[]): Deno.CommandOutput | null {
  try {
    return new Deno.Command("unshare", { args: [...SMALL, command, ...args] }).outputSync();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

Deno.test({
  name: "where /dev/shm is too small, creating says so, and writing does not kill with SIGBUS",
  ignore: !inSmall("true")?.success, // needs unshare(1) and namespaces that one may make
  async fn() {
    await withFolder((folder) => {
      const program = new URL("../../abandon.ts", import.meta.url).pathname;
      const scope = `${folder}/scope`;
      const rights = ["run", "--quiet", "--allow-ffi", "--allow-read"];
      const { code, stderr } = inSmall(
        Deno.execPath(),
        ...[...rights, program, "posix-shared-memory", "channel", scope],
      )!;
      const said = new TextDecoder().decode(stderr);
      assertMatch(said, /SystemCallError: posix_fallocate of \d+ bytes failed: ENOSPC/);
      assertEquals(code, 1);
      assertEquals(removeScope(scope), []);
      return Promise.resolve();
    });
  },
});
