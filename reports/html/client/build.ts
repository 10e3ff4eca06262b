/**
 * Bundles the page's script and style into `bundle.ts`, so that a report needs neither bundler
 * nor network.
 *
 * Run by `deno task bundle-pages`; a test holds the checked-in file against what this makes.
 *
 * @module
 */
const here = new URL(".", import.meta.url);
export const BUNDLE_FILE = new URL("bundle.ts", here);

async function bundled(entry: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform=browser", "--format=iife", "--minify", entry],
    cwd: here,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stdout).trim();
  if (code !== 0 || !text) {
    throw new Error(`Cannot bundle ${entry}: ${new TextDecoder().decode(stderr).trim()}`);
  }
  if (/<\/script|<!--/i.test(text)) {
    throw new Error(`Cannot embed ${entry}: its bundle would close its own script block`);
  }
  return text;
}

/** Takes comments and layout out of a style sheet that has no strings with braces in them. */
function tightened(css: string): string {
  return css.replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1")
    .replaceAll(": ", ":").replaceAll(";}", "}").trim();
}

/** The text of `bundle.ts` as its sources are now. */
export async function bundleText(): Promise<string> {
  const [boot, page, css] = await Promise.all([
    bundled("boot.ts"),
    bundled("main.ts"),
    Deno.readTextFile(new URL("style.css", here)),
  ]);
  return [
    "// Made by `deno task bundle-pages` from this folder; do not edit.",
    `export const BOOT_SCRIPT: string = ${JSON.stringify(boot)};`,
    `export const PAGE_SCRIPT: string = ${JSON.stringify(page)};`,
    `export const PAGE_STYLE: string = ${JSON.stringify(tightened(css))};`,
    "",
  ].join("\n");
}

if (import.meta.main) await Deno.writeTextFile(BUNDLE_FILE, await bundleText());
