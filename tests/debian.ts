/**
 * Tests that need a Debian package: it is installed where root and apt allow that, and else its tests
 * are skipped, with the reason in their names. They belong into files that declare `// @gate long`.
 *
 * @module
 */
import { geteuid } from "../facilities/libc/unistd.ts";

/** apt-get waits for another one for so long. */
const LOCK_SECONDS = 300;

const APT = ["-y", "-q", "-o", `DPkg::Lock::Timeout=${LOCK_SECONDS}`, "--no-install-recommends"];

const UPDATED = { done: false };

/** A program, and the Debian packages that bring it with what it works on. */
export interface Needed {
  readonly program: string;
  readonly packages: readonly string[];
}

/** Registers a test that needs some program, which Debian packages bring. */
export async function testWithPackage(
  { program, packages }: Needed,
  name: string,
  fn: (t: Deno.TestContext) => void | Promise<void>,
): Promise<void> {
  const lack = await whyLacking({ program, packages });
  const ignore = lack !== null;
  Deno.test({ name: ignore ? `${name} (skipped: ${lack})` : name, ignore, fn });
}

/** Why there is no such program, after its packages were asked for; null where there is one. */
export async function whyLacking({ program, packages }: Needed): Promise<string | null> {
  if (isInstalled(program)) return null;
  const names = packages.join(", ");
  if (geteuid() !== 0) return `no ${program}, and only root may install ${names}`;
  if (!isInstalled("apt-get")) return `no ${program}, and no apt-get for ${names}`;
  using _ = await onlyOne();
  if (isInstalled(program)) return null;
  if (!UPDATED.done) await apt(["update", "-q"]);
  UPDATED.done = true;
  await apt(["install", ...APT, ...packages]);
  return isInstalled(program) ? null : `no ${program}: ${names} could not be installed`;
}

/** Whether PATH has such a program; one with a slash is a path. */
export function isInstalled(program: string): boolean {
  return new Deno.Command("sh", {
    args: ["-c", `command -v "$1" >/dev/null`, "sh", program],
    stdout: "null",
    stderr: "null",
  }).outputSync().success;
}

async function apt(args: readonly string[]): Promise<void> {
  await new Deno.Command("apt-get", {
    args: [...args],
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
}

/** A file that every Debian has; apt's own locks are of another kind, and do not meet this one. */
const LOCK_FILE = "/var/lib/dpkg/status";

/** `apt-get update` does not wait for another; test files that run side by side do. */
async function onlyOne(): Promise<Disposable> {
  const file = await Deno.open(LOCK_FILE);
  await file.lock(true);
  return { [Symbol.dispose]: () => file.close() };
}
