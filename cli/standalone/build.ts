/**
 * Bundles the suite into one file that the Deno binary alone can run.
 *
 * Run by `deno task bundle [FILE]`. The bundler is Deno's; it takes esbuild from the npm registry, so
 * making the file needs that registry or a filled cache, and running the file needs neither.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { keepResultsBelow, resultPath } from "../../reports/result_paths.ts";
import {
  InputError,
  reasonOf,
  saidBy,
  SuiteError,
  UserError,
} from "../../workloads/runner/errors.ts";
import { complain, print } from "../standard_streams.ts";
import { VERSION } from "../version.ts";

const here = import.meta.dirname!;

/** The name of the file, which is left with the results. */
const BUNDLE = "ipc-taxonomy.js";

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
 * @throws {InputError} it cannot be written there
 * @throws {SuiteError} what the bundler said, or that what it made is not the suite
 */
export async function bundle(path: string): Promise<void> {
  const folder = resolve(dirname(path));
  const made = await emptyFile(folder).catch((cause) => {
    throw new InputError(`Cannot write ${path}: ${reasonOf(cause)}`, { cause });
  });
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--platform=deno", `--output=${made}`, "entry.ts"],
      cwd: here,
      stdout: "null",
      stderr: "piped",
    }).output();
    const said = new TextDecoder().decode(stderr).trim();
    if (code !== 0) throw new SuiteError(`Cannot bundle: ${said}`);
    const first = `#!/usr/bin/env -S deno run --quiet ${PERMISSIONS.join(" ")}\n`;
    await Deno.writeTextFile(made, first + await Deno.readTextFile(made));
    await requireVersion(made);
    await Deno.chmod(made, 0o755);
    await Deno.rename(made, path);
  } catch (error) {
    await Deno.remove(made).catch(() => {});
    throw error;
  }
}

async function emptyFile(folder: string): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  return await Deno.makeTempFile({ dir: folder, prefix: ".ipc-taxonomy-", suffix: ".js" });
}

/** What does not even tell its version would pass every check. @throws {SuiteError} */
export async function requireVersion(file: string): Promise<void> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...PERMISSIONS, file, "--version"],
    stdin: "null",
  }).output();
  const [said, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  if (said === VERSION) return;
  throw new SuiteError(
    `Cannot bundle: asked for its version, the bundle says "${
      said || saidBy(errors)
    }" and not ${VERSION}`,
  );
}

if (import.meta.main) {
  try {
    keepResultsBelow(resolve(here, "../.."));
    const [path = resultPath(BUNDLE), ...more] = Deno.args.filter((each) => each !== "--");
    if (more.length > 0 || path === "" || path.startsWith("-")) {
      throw new InputError("give one file to make at most: deno task bundle [FILE]");
    }
    await bundle(path);
    const { size } = await Deno.stat(path);
    const megabytes = (size / 1e6).toFixed(1);
    print(`${path}: ${megabytes} MB, run by deno run ${PERMISSIONS.join(" ")}\n`);
  } catch (error) {
    complain(saidBy(error));
    Deno.exit(error instanceof UserError ? error.exitCode : 4);
  }
}
