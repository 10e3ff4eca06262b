/**
 * What host facts are read from: this machine's files, or a recorded tree of another machine.
 *
 * @module
 */
import { tryListFolder, tryReadText } from "../../facilities/libc/files.ts";

/** A read-only view of a file system. */
export interface FileTree {
  /** The file's text without white space at its ends, or null where it cannot be read. */
  read(path: string): string | null;
  /** The names in a folder, sorted; none where it cannot be read. */
  list(path: string): string[];
}

/** This machine's own files. */
export const machineFiles: FileTree = { read: tryReadText, list: tryListFolder };

/** A tree held in memory: texts by absolute path. */
export function recordedFiles(texts: Readonly<Record<string, string>>): FileTree {
  const paths = Object.keys(texts);
  return {
    read: (path) => texts[path]?.trim() ?? null,
    list(path) {
      const folder = path.endsWith("/") ? path : `${path}/`;
      const below = paths.filter((one) => one.startsWith(folder));
      return [...new Set(below.map((one) => one.slice(folder.length).split("/")[0]!))].sort();
    },
  };
}
