/**
 * Files that are written whole or not at all.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { spareDescriptor } from "../../facilities/spare_descriptor.ts";
import { askToWrite } from "./ask_to_write.ts";
import { InputError, reasonOf, SuiteError } from "./errors.ts";

/**
 * Writes a file whole or not at all: into a new file beside it, flushed to the disk, then renamed.
 *
 * The new file's name is random and it is created with `O_EXCL` (open(2)), so no planted name is
 * followed. A symbolic link at `path` is replaced, not followed; a pipe or a device is written to.
 *
 * @throws {SuiteError} it cannot be written; what was at `path` is as before
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    assertNamesFile(path);
    const present = await statOf(path, Deno.stat);
    if (present && !present.isFile && !present.isDirectory) return await writeThrough(path, bytes);
    const link = await statOf(path, Deno.lstat);
    await replace(path, bytes, link?.isFile ? link.mode : null);
  } catch (cause) {
    throw new SuiteError(`Cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

async function replace(path: string, bytes: Uint8Array, mode: number | null): Promise<void> {
  const part = partBeside(path);
  spareDescriptor();
  const file = await Deno.open(part, { write: true, createNew: true });
  try {
    using _ = file;
    await file.lock(true).catch(() => {}); // tells `clean` that somebody writes it
    if (mode !== null) await Deno.chmod(part, mode & 0o777);
    await writeAll(file, bytes);
    await file.sync();
    await Deno.rename(part, path);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
  await flushFolder(dirname(path));
}

/** A pipe or a device has no contents to keep; nothing is created and nothing truncated. */
async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await writeAll(file, bytes);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}

/** The new name is durable only once its folder is; some file systems refuse to flush folders. */
export async function flushFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path);
    await folder.sync();
  } catch {
    // The file itself is on the disk, and whole.
  }
}

/** Deno itself takes the slash off. */
function assertNamesFile(path: string): void {
  if (path === "" || /[/\\]$/.test(path)) throw new Error("it names no file");
}

/**
 * Makes sure that {@linkcode writeWhole} can write a file, without creating or touching it.
 *
 * @throws {InputError} it cannot
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    assertNamesFile(path);
    const present = await statOf(path, Deno.stat);
    if (present?.isDirectory) throw new Deno.errors.IsADirectory();
    await askToWrite(present && !present.isFile ? path : dirname(path));
    if (present) (await Deno.open(path, { write: true })).close();
    if (!present || present.isFile) await checkFolder(dirname(path));
  } catch (cause) {
    throw new InputError(`Cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * Makes sure that files can be written into a folder, or that it can be made; nothing is.
 *
 * @throws {InputError} they cannot
 */
export async function checkWritableFolder(path: string): Promise<void> {
  try {
    let nearest = path === "" ? "." : path;
    while (!await statOf(nearest, Deno.lstat) && dirname(nearest) !== nearest) {
      nearest = dirname(nearest);
    }
    await askToWrite(path === "" ? "." : path);
    await checkFolder(nearest);
  } catch (cause) {
    throw new InputError(`Cannot write into ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Creates and removes a file of a random name: permissions, mounts and quotas all have their say. */
async function checkFolder(path: string): Promise<void> {
  const present = await statOf(path, Deno.stat);
  if (!present) throw new Error(`there is no folder ${path}, make it first`);
  if (!present.isDirectory) throw new Error(`${path} is no folder`);
  const part = partBeside(join(path, "probe"));
  (await Deno.open(part, { write: true, createNew: true })).close();
  await Deno.remove(part);
}

/** A new name in the folder of a file, for what is not complete yet. */
export function partBeside(path: string): string {
  return join(dirname(path), `.ipc-taxonomy-${crypto.randomUUID()}.part`);
}

/** Makes a folder and those above it, where they are not there yet. @throws {SuiteError} */
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw new SuiteError(`Cannot make the folder ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Whether a name is that of a file, or a folder, that was not written to its end yet. */
export function isPart(name: string): boolean {
  return /^\.ipc-taxonomy-[0-9a-f-]{36}\.part$/.test(name);
}

async function statOf(
  path: string,
  stat: (path: string) => Promise<Deno.FileInfo>,
): Promise<Deno.FileInfo | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
