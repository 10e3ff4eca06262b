/**
 * A headless Chromium for tests: the one on PATH, or the one inside the npm package.
 *
 * @module
 */
import packed from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright-core";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "chrome",
  "chromium-headless-shell",
];

/** No sandbox (tests may run as root), and nothing that calls home. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-first-run",
  "--no-pings",
  "--font-render-hinting=none",
];

interface Binary {
  path: string;
  /** Where the package unpacked the libraries and fonts that a bare machine lacks. */
  extras?: string;
}

async function onPath(): Promise<Binary | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const name of NAMES) {
      const path = `${folder}/${name}`;
      const info = await Deno.stat(path).catch(() => undefined);
      if (info?.isFile) return { path };
    }
  }
}

/**
 * Unpacks the browser once into this user's cache; processes that come together each unpack their own
 * and the first rename wins, so that none starts a half-written file.
 */
async function fromPackage(): Promise<Binary> {
  const home = Deno.env.get("XDG_CACHE_HOME") ??
    (Deno.env.has("HOME") ? `${Deno.env.get("HOME")}/.cache` : await Deno.makeTempDir());
  const folder = `${home}/ipc-taxonomy/chromium-153.0.0`;
  const binary = { path: `${folder}/chromium`, extras: folder };
  if (await Deno.stat(binary.path).catch(() => undefined)) return binary;
  await Deno.mkdir(`${home}/ipc-taxonomy`, { recursive: true });
  const fresh = await Deno.makeTempDir({ dir: `${home}/ipc-taxonomy`, prefix: "unpack-" });
  const before = { TMPDIR: Deno.env.get("TMPDIR"), AWS_EXECUTION_ENV: undefined };
  // The package unpacks into TMPDIR, and its copies of NSS only where it believes to be on Lambda.
  Deno.env.set("TMPDIR", fresh);
  Deno.env.set("AWS_EXECUTION_ENV", "AWS_Lambda_nodejs22.x");
  try {
    await packed.executablePath();
    await Deno.rename(fresh, folder);
  } catch (error) {
    await Deno.remove(fresh, { recursive: true }).catch(() => {});
    if (!await Deno.stat(binary.path).catch(() => undefined)) throw error;
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
  return binary;
}

async function start(binary: Binary, ownLibraries: boolean): Promise<Browser> {
  const env: Record<string, string> = Deno.env.toObject();
  if (binary.extras && ownLibraries) {
    env.LD_LIBRARY_PATH = [env.LD_LIBRARY_PATH, `${binary.extras}/al2023/lib`].filter((path) =>
      path
    )
      .join(":");
  }
  if (binary.extras && !await Deno.stat("/etc/fonts/fonts.conf").catch(() => undefined)) {
    env.FONTCONFIG_PATH = `${binary.extras}/fonts`;
  }
  return await chromium.launch({
    executablePath: binary.path,
    args: ARGUMENTS,
    headless: true,
    timeout: 60_000,
    env,
  });
}

/**
 * Starts the browser.
 *
 * @throws {Error} where neither PATH nor the npm package has one that starts
 */
export async function launchBrowser(): Promise<Browser> {
  const found = await onPath();
  if (found) return await start(found, false);
  let binary: Binary;
  try {
    binary = await fromPackage();
  } catch (error) {
    throw new Error(
      "Cannot test pages: no Chromium on PATH, and @sparticuz/chromium could not be unpacked",
      { cause: error },
    );
  }
  try {
    return await start(binary, false);
  } catch (error) {
    if (!String(error).includes("shared libraries")) throw error;
    return await start(binary, true);
  }
}

export interface Watched {
  page: Page;
  /** Console errors and uncaught exceptions, as text. */
  errors: string[];
  /** Addresses asked for that are neither the page's own nor inline data. */
  requests: string[];
}

export interface View {
  width?: number;
  height?: number;
  colours?: "light" | "dark";
  script?: boolean;
}

/** Opens an address and records all that a self-contained page must not do. */
export async function openPage(
  browser: Browser,
  address: string | URL,
  { width = 1440, height = 900, colours = "light", script = true }: View = {},
): Promise<Watched> {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: colours,
    javaScriptEnabled: script,
    acceptDownloads: true,
  });
  page.setDefaultTimeout(30_000);
  const own = new URL("./", address).href;
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !/^(data|blob):/.test(url)) requests.push(url);
  });
  await page.goto(String(address), { waitUntil: "load" });
  return { page, errors, requests };
}

/** Runs `body` with a browser that is closed whatever happens. */
export async function withBrowser(body: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await launchBrowser();
  try {
    await body(browser);
  } finally {
    await browser.close();
  }
}
