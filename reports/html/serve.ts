/**
 * Shows a folder of pages on this machine, and makes them anew when something that they come from
 * changes.
 *
 * @module
 */
import { join } from "node:path";

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  png: "image/png",
};

const HEADERS = {
  "cache-control": "no-cache",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Names by which a page on this machine may be asked for; others would be a rebound DNS name. */
const OWN_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

function plain(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...HEADERS, "content-type": "text/plain; charset=utf-8", ...headers },
  });
}

/** The path that an address asks for, below the root; null for one that cannot be meant. */
function pathOf(address: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(new URL(address).pathname);
  } catch {
    return null;
  }
  if (/[\0\\]/.test(path) || path.split("/").some((part) => part === ".." || part === ".")) {
    return null;
  }
  return path;
}

/** The file behind a path: itself, or a folder's index; null where neither lies inside the root. */
async function fileOf(root: string, path: string): Promise<string | null> {
  try {
    const wanted = await Deno.realPath(join(root, path));
    // A link that leads out of the site is refused like any other path outside it.
    if (wanted !== root && !wanted.startsWith(`${root}/`)) return null;
    const info = await Deno.stat(wanted);
    if (info.isFile) return wanted;
    return info.isDirectory ? await fileOf(root, join(path, "index.html")) : null;
  } catch {
    return null;
  }
}

/**
 * Answers requests for the files below `folder`, and nothing else: GET and HEAD, no listing.
 *
 * @param anyName answers under whatever host name; for servers that others are meant to reach
 */
export function siteHandler(
  folder: string,
  { anyName = false } = {},
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return plain(405, "Only GET and HEAD are answered.", { allow: "GET, HEAD" });
    }
    const { hostname, pathname } = new URL(request.url);
    if (!anyName && !OWN_NAMES.has(hostname)) return plain(421, "This is not that host.");
    const path = pathOf(request.url);
    const root = await Deno.realPath(folder).catch(() => null);
    const file = path === null || root === null ? null : await fileOf(root, path);
    if (path === null || file === null) return plain(404, "There is no such page.");
    if (file.endsWith("/index.html") && !/(?:\/|\/index\.html)$/.test(path)) {
      // Without the slash, relative links would lead one folder too high.
      return plain(308, "Moved.", { location: `${pathname}/` });
    }
    const type = TYPES[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    const { size } = await Deno.stat(file);
    const headers = { ...HEADERS, "content-type": type, "content-length": String(size) };
    if (request.method === "HEAD") return new Response(null, { headers });
    const content = await Deno.open(file);
    return new Response(content.readable, { headers });
  };
}

export interface ServeOptions {
  /** @default "127.0.0.1" */
  hostname?: string;
  /** 0 takes any free port. @default 8043 */
  port?: number;
  signal?: AbortSignal;
  /** Called with the address once it is served. */
  listening?: (url: string) => void;
}

/**
 * Serves the files below `folder`.
 *
 * @throws {Deno.errors.AddrInUse} where the port is taken
 */
export function serveSite(
  folder: string,
  { hostname = "127.0.0.1", port = 8043, signal, listening }: ServeOptions = {},
): Deno.HttpServer<Deno.NetAddr> {
  const local = hostname === "localhost" || hostname === "::1" || hostname.startsWith("127.");
  return Deno.serve({
    hostname,
    port,
    signal,
    onListen: (address) => {
      const name = hostname.includes(":") ? `[${hostname}]` : hostname;
      listening?.(`http://${name}:${address.port}/`);
    },
    onError: () => plain(500, "The page could not be read."),
  }, siteHandler(folder, { anyName: !local }));
}

export interface RebuildOptions {
  signal: AbortSignal;
  /** Waits for this long after a change, since a store writes in several steps. @default 300 */
  settleMs?: number;
  /** Whether a changed path matters. @default all do */
  concerns?: (path: string) => boolean;
  /** Told of a rebuild that failed; the pages stay as they were. */
  failed?: (error: unknown) => void;
}

/**
 * Calls `rebuild` after each change below `paths`, one rebuild at a time, until the signal is given.
 *
 * @throws {Deno.errors.NotFound} where a path does not exist
 */
export async function rebuildOnChange(
  paths: string[],
  rebuild: () => Promise<void>,
  { signal, settleMs = 300, concerns = () => true, failed = () => {} }: RebuildOptions,
): Promise<void> {
  if (signal.aborted) return;
  using watcher = Deno.watchFs(paths, { recursive: false });
  const stop = () => watcher.close();
  signal.addEventListener("abort", stop, { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let building: Promise<void> = Promise.resolve();
  try {
    for await (const { kind, paths: changed } of watcher) {
      if (kind === "access" || !changed.some(concerns)) continue;
      clearTimeout(timer);
      timer = setTimeout(() => {
        building = building.then(rebuild).catch(failed);
      }, settleMs);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    await building;
  }
}
