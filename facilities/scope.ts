/**
 * The certainty that all kernel objects of a trial go away.
 *
 * Disposing a scope removes whatever its journal names, so an object outlives a trial only if nobody
 * is left to read the journal; `clean` reads it then.
 *
 * @module
 */
import { JOURNAL, Journal } from "./journal.ts";
import { SystemCallError } from "./libc/errno.ts";
import { tryListFolder, tryReadText } from "./libc/files.ts";
import { ownership } from "./libc/sys_stat.ts";
import { rmdir, unlink } from "./libc/unistd.ts";
import { isOwn, type NamedObject, parseObject, removeObject } from "./named_objects.ts";

/** A journal whose owner removes what it names. */
export class Scope extends Journal {
  #disposed = false;

  override [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    removeScope(this.folder);
    super[Symbol.dispose]();
  }
}

/** What a scope's journal names. */
function namedIn(folder: string): NamedObject[] {
  const lines = tryReadText(`${folder}/${JOURNAL}`)?.split("\n") ?? [];
  return lines.map(parseObject).filter((object) => object !== null);
}

/** The objects that the journals of a run's folder name and that are there, this user's. */
export function objectsOf(folder: string): NamedObject[] {
  return tryListFolder(folder).flatMap((name) => namedIn(`${folder}/${name}`)).filter(isOwn);
}

/** Paths of the files and folders in a run's folder. */
export function filesOf(folder: string): string[] {
  return tryListFolder(folder).map((name) => `${folder}/${name}`)
    .flatMap((path) => [path, ...tryListFolder(path).map((name) => `${path}/${name}`)]);
}

/**
 * Removes the objects that a scope's journal names, its files and its folder. What is gone already,
 * and what cannot be removed, is passed over. Returns the names of what it removed.
 */
export function removeScope(folder: string): string[] {
  const removed: string[] = [];
  for (const object of namedIn(folder)) {
    if (succeeds(() => removeObject(object))) removed.push(`${object.kind} ${object.name}`);
  }
  // The journal goes last: who comes after an interruption finds all names in it.
  for (const name of tryListFolder(folder).filter((name) => name !== JOURNAL)) {
    if (succeeds(() => unlink(`${folder}/${name}`))) removed.push(name);
  }
  succeeds(() => unlink(`${folder}/${JOURNAL}`));
  succeeds(() => rmdir(folder));
  return removed;
}

/** Removes every scope below a run's folder, what else is in it, then the folder itself. */
export function removeScopes(folder: string): string[] {
  const removed: string[] = [];
  for (const name of tryListFolder(folder)) {
    const path = `${folder}/${name}`;
    if (isFolder(path)) removed.push(...removeScope(path));
    else if (succeeds(() => unlink(path))) removed.push(name);
  }
  succeeds(() => rmdir(folder));
  return removed;
}

function isFolder(path: string): boolean {
  return succeeds(() => ownership(path).isFolder);
}

/** Whether the kernel did it, and something was done. */
function succeeds(step: () => unknown): boolean {
  try {
    return step() !== false;
  } catch (error) {
    if (error instanceof SystemCallError) return false;
    throw error;
  }
}
