/**
 * Where files go that last no longer than a run.
 *
 * @module
 */
import { getenv } from "./libc/environment.ts";
import { mayWriteInto } from "./libc/unistd.ts";

/** Where there may be folders of runs: `TMPDIR`, or else the usual ones in the order of preference. */
export function temporaryFolders(): string[] {
  const chosen = getenv("TMPDIR");
  return chosen ? [chosen] : ["/tmp", "/var/tmp", "/dev/shm"];
}

/** The first of them that this user may write into; the first of all where there is none. */
export function temporaryFolder(): string {
  const folders = temporaryFolders();
  return folders.find(mayWriteInto) ?? folders[0]!;
}
