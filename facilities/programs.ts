/**
 * The programs that the suite starts beside its own, as processes or threads: participants, spinners.
 *
 * Each is a module. Where the whole suite is one file (`deno task bundle`), all of them lie in it, and
 * the first argument of a process, or the name of a thread, tells it which one to be.
 *
 * @module
 */

/** Whether this module lies in one file with all others. */
export const BUNDLED = !import.meta.url.endsWith("/facilities/programs.ts");

/** The first argument of each kind of process that the one file can be. */
export const PROCESSES = { participant: ":participant", experiment: ":experiment" } as const;

/** How the name of each kind of thread begins. */
export const THREADS = {
  participant: "ipc-taxonomy participant",
  experiment: "thread ",
  awake: "awake ",
  hog: "hog ",
} as const;

/** The arguments to this Deno that start a program as a process. */
export function processArguments(
  name: string,
  own: string,
  options: readonly string[],
  { bundled = BUNDLED, compiled = Deno.build.standalone } = {},
): string[] {
  // What `deno compile` makes has its options in it, and takes none.
  if (compiled) return [name];
  return bundled ? ["run", ...options, import.meta.url, name] : ["run", ...options, own];
}

/** The module from which a program is started as a thread. */
export function threadModule(own: string): string {
  return BUNDLED ? import.meta.url : own;
}

type Load = (query: URLSearchParams) => Promise<unknown>;

const SCHEME = "ipc-taxonomy:";
const inside = new Map<string, Load>();

/** Lets `loadModule` find a module that lies in the one file. */
export function holdModule(name: string, load: Load): void {
  inside.set(name, load);
}

/** What `loadModule` loads a module by that takes a query, wherever it lies. */
export function moduleUrl(name: string, own: string, query: Record<string, string>): string {
  return BUNDLED ? heldUrl(name, query) : `${own}?${new URLSearchParams(query)}`;
}

/** What `loadModule` loads a module by that lies in the one file; the query says which, or how. */
export function heldUrl(name: string, query: Record<string, string>): string {
  return `${SCHEME}${name}?${new URLSearchParams(query)}`;
}

/** Imports a module by its URL. */
export async function loadModule(url: string): Promise<unknown> {
  const { protocol, pathname, searchParams } = new URL(url);
  return protocol === SCHEME ? await inside.get(pathname)?.(searchParams) : await import(url);
}
