/**
 * From the text that names a store to the store.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { InputError, reasonOf } from "../../workloads/runner/errors.ts";
import type { Store } from "./store.ts";

/** The history that commands use unless they are told otherwise, from the working directory. */
export const DEFAULT_STORE = "results/history.sqlite";

export interface OpenOptions {
  /** Whether a history that is not there yet is made; else it is an error. @default true */
  create?: boolean;
}

/**
 * Opens a history.
 *
 * @param url `sqlite:PATH` or a plain path
 * @throws {InputError} nothing that is known, or nothing that can be opened
 */
export async function openStore(
  url: string = DEFAULT_STORE,
  { create = true }: OpenOptions = {},
): Promise<Store> {
  const [, scheme, rest = url] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(url) ?? [];
  switch (scheme?.toLowerCase()) {
    case undefined:
    case "sqlite":
      return await openFile(url, rest, create);
    case "postgres":
    case "postgresql":
      throw new InputError(
        `Cannot open ${scheme}: histories in PostgreSQL are not built yet; sqlite:PATH would do`,
      );
    default:
      throw new InputError(
        `Cannot open a history at ${scheme}: it is none of sqlite:PATH and a plain path`,
      );
  }
}

async function openFile(url: string, path: string, create: boolean): Promise<Store> {
  const refuse = (reason: string, cause?: unknown) =>
    new InputError(`Cannot open the history ${url}: ${reason}`, { cause });
  if (path === "" || path.includes("\0")) throw refuse("it names no file");
  const file = resolve(path);
  try {
    const present = await statOf(file);
    if (present?.isDirectory) throw refuse("it is a folder");
    if (present === null && !create) throw refuse("there is none yet; deno task bench makes one");
    if (present === null) await Deno.mkdir(dirname(file), { recursive: true });
  } catch (error) {
    throw error instanceof InputError ? error : refuse(reasonOf(error), error);
  }
  const { openSqlite } = await import("./sqlite.ts");
  return openSqlite(file);
}

async function statOf(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
