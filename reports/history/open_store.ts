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

/** The variable that names the store where no option does. */
export const STORE_VARIABLE = "IPC_TAXONOMY_STORE";

export interface OpenOptions {
  /** Whether a history that is not there yet is made; else it is an error. @default true */
  create?: boolean;
  /**
   * For who measures: a server that cannot be reached is only reported, and a run that it does not
   * take is kept on this machine until it does. @default false
   */
  keep?: boolean;
  /** Gets what is worth knowing beside the results. @default a line on stderr */
  notice?: (line: string) => void;
}

/** What names the store: the option, else the environment, else the default. */
export function storeUrl(option?: string): string {
  return option ?? (environment(STORE_VARIABLE) || DEFAULT_STORE);
}

/** Whether the store is a server and not a file. */
export function isServer(url: string): boolean {
  return /^postgres(ql)?:/i.test(url);
}

/**
 * Opens a history.
 *
 * @param option `sqlite:PATH`, a plain path, or `postgres://USER@HOST/DATABASE`; absent, what
 * {@linkcode storeUrl} says
 * @throws {InputError} nothing that is known, or nothing that can be opened
 * @throws {SuiteError} the server is away
 */
export async function openStore(
  option?: string,
  { create = true, keep = false, notice = toStderr }: OpenOptions = {},
): Promise<Store> {
  const url = storeUrl(option);
  const [, scheme, rest = url] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(url) ?? [];
  switch (scheme?.toLowerCase()) {
    case undefined:
    case "sqlite":
      return await openFile(url, rest, create);
    case "postgres":
    case "postgresql": {
      const { openFleetStore } = await import("./postgres/keeping.ts");
      const password = environment("PGPASSWORD") || null;
      return await openFleetStore(url, password, { create, keep, notice });
    }
    default:
      throw new InputError(
        `Cannot open a history at ${scheme}: it is none of sqlite:PATH, a plain path and ` +
          "postgres://USER@HOST/DATABASE",
      );
  }
}

function toStderr(line: string): void {
  console.error(`ipc-taxonomy: ${line}`);
}

/** A variable; undefined where it is not set, or the task may not read it. */
function environment(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
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
