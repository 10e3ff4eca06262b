/**
 * What tells one file from another one that was there before under the same name.
 *
 * @module
 */

/** Device, inode and time of birth, since inodes are used again; null where there is no file. */
export function identityOf(path: string): string | null {
  const status = statOf(path);
  if (status === null || !status.isFile) return null;
  return [status.dev, status.ino, status.birthtime?.getTime()].join(":");
}

/** The status of what a path leads to, or null. */
export function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
