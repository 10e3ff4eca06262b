/**
 * Bundles the suite into one file that the Deno binary alone can run.
 *
 * Run by `deno task bundle [FILE]`. The bundler is Deno's; it takes esbuild from the npm registry, so
 * making the file needs that registry or a filled cache, and running the file needs neither.
 *
 * @module
 */
const here = new URL(".", import.meta.url);

/** Where the file is left. */
export const BUNDLE = "results/ipc-taxonomy.js";

/** What the commands need, all together; the tasks of `deno.json` name less for each. */
export const PERMISSIONS = [
  "--allow-ffi",
  "--allow-run",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-net",
];

/**
 * Makes the file, executable where a Deno is on the PATH.
 *
 * @throws {Error} what the bundler said
 */
export async function bundle(path: string): Promise<void> {
  const folder = path.replace(/[^/]*$/, "") || ".";
  await Deno.mkdir(folder, { recursive: true });
  const made = await Deno.makeTempFile({ dir: folder, prefix: ".ipc-taxonomy-", suffix: ".js" });
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--platform=deno", `--output=${made}`, "entry.ts"],
      cwd: here,
      stdout: "null",
      stderr: "piped",
    }).output();
    if (code !== 0) throw new Error(`Cannot bundle: ${new TextDecoder().decode(stderr).trim()}`);
    const first = `#!/usr/bin/env -S deno run --quiet ${PERMISSIONS.join(" ")}\n`;
    await Deno.writeTextFile(made, first + await Deno.readTextFile(made));
    await Deno.chmod(made, 0o755);
    await Deno.rename(made, path);
  } catch (error) {
    await Deno.remove(made).catch(() => {});
    throw error;
  }
}

if (import.meta.main) {
  const [path = BUNDLE, ...more] = Deno.args.filter((each) => each !== "--");
  if (more.length > 0 || path.startsWith("-")) {
    console.error("ipc-taxonomy: give one file to make at most: deno task bundle [FILE]");
    Deno.exit(2);
  }
  try {
    await bundle(path);
  } catch (error) {
    console.error(`ipc-taxonomy: ${error instanceof Error ? error.message : error}`);
    Deno.exit(4);
  }
  const { size } = await Deno.stat(path);
  console.log(`${path}: ${(size / 1e6).toFixed(1)} MB, run by deno run ${PERMISSIONS.join(" ")}`);
}
