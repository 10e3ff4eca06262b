/**
 * From the text that names a store to the store.
 *
 * @module
 */
import { InputError, reasonOf } from "../../workloads/runner/errors.ts";
import { shown } from "../../workloads/runner/foreign_text.ts";
import { type Backend, FileBackend, type Opening } from "./backend.ts";
import { resultPath } from "../result_paths.ts";
import type { Store } from "./store.ts";
import { STORE_VARIABLE } from "./store_variable.ts";

/** The history that commands use unless they are told otherwise. */
export function defaultStore(): string {
  return resultPath("history.sqlite");
}

/** How long a command that came for something else waits until it may send what was kept. */
const SENDING_MS = 1_000;

export interface OpenOptions extends Partial<Opening> {
  /** Gets what is worth knowing beside the results. @default a line on stderr */
  notice?: (line: string) => void;
}

/** What names the store, without blanks around it: the option, else the environment, else the default. */
export function storeUrl(option?: string): string {
  return option?.trim() ?? (environment(STORE_VARIABLE)?.trim() || defaultStore());
}

/** A path that was meant as an address: as a file it would carry its password in its name. */
const ADDRESS_LIKE = [
  /:\/\//,
  // What stands before a host, with or without a password.
  /^[^/]*:[^/]*@/,
  /^[^/]*@[^/]*:\d/,
  // The other form that libpq takes.
  /(^|\s)(host|hostaddr|dbname|user|password)\s*=/i,
];

/** Whether the store is a server and not a file. */
export function isServer(url: string): boolean {
  return /^postgres(ql)?:/i.test(url);
}

/**
 * Opens a history, and sends it the runs that were kept for it.
 *
 * @param option `sqlite:PATH`, a plain path, or `postgres://USER@HOST/DATABASE`; absent, what
 * {@linkcode storeUrl} says
 * @throws {InputError} nothing that is known, or nothing that can be opened
 * @throws {SuiteError} the server is away, or the file stays locked
 */
export async function openStore(option?: string, options: OpenOptions = {}): Promise<Store> {
  return await openBackend(await backendOf(storeUrl(option)), options);
}

/** What a store's name stands for. @throws {InputError} nothing that is known */
export async function backendOf(url: string): Promise<Backend> {
  const [, scheme, rest = url] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(url) ?? [];
  switch (scheme?.toLowerCase()) {
    case undefined:
    case "sqlite":
      if (ADDRESS_LIKE.some((form) => form.test(rest))) {
        throw new InputError(
          `Cannot open a history: what --store or ${STORE_VARIABLE} names looks like an address ` +
            "and is none; it may be sqlite:PATH, a plain path, or postgres://USER@HOST/DATABASE",
        );
      }
      return new FileBackend(url, rest);
    case "postgres":
    case "postgresql": {
      const { ServerBackend } = await import("./postgres/backend.ts");
      return new ServerBackend(url, environment("PGPASSWORD") || null);
    }
    default:
      throw new InputError(
        `Cannot open a history at ${scheme}: it is none of sqlite:PATH, a plain path and ` +
          "postgres://USER@HOST/DATABASE",
      );
  }
}

/** As {@linkcode openStore}. */
export async function openBackend(
  backend: Backend,
  { create = true, writable, signal, notice = toStderr }: OpenOptions = {},
): Promise<Store> {
  const isEmpty = await backend.spool.isEmpty();
  const store = await backend.open({ create: create || !isEmpty, writable, signal });
  if (!isEmpty) await sendKept(store, backend, notice, signal);
  return store;
}

async function sendKept(
  store: Store,
  { spool }: Backend,
  notice: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const wait = { patienceMs: SENDING_MS, signal };
    const { stored, refused } = await spool.send((run) => store.add(run, wait));
    if (stored > 0) {
      const runs = stored === 1 ? "1 run that was" : `${stored} runs that were`;
      notice(`${runs} kept on this machine went to ${store.url}`);
    }
    refused.forEach(notice);
  } catch (error) {
    notice(`The runs kept in ${(await spool.places()).join(", ")} stay there: ${reasonOf(error)}`);
  }
}

/** A line of its own on stderr. */
export function toStderr(line: string): void {
  console.error(`ipc-taxonomy: ${shown(line)}`);
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
