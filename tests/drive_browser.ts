/**
 * Runs a script that drives a browser: `tests/drive_browser.ts SCRIPT [ARGUMENT...]`.
 *
 * The driver looks into /proc, which Deno lets only those do who may do everything.
 *
 * @module
 */
if (import.meta.main) {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-prompt", ...Deno.args],
    stdin: "null",
  }).spawn().status;
  Deno.exit(code);
}
