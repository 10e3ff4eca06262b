/**
 * The frame of every page: head, policy, style, navigation, script and data.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { jsonText } from "../../workloads/runner/foreign_text.ts";
import { BOOT_SCRIPT, PAGE_SCRIPT, PAGE_STYLE } from "./client/bundle.ts";
import { paletteCss } from "./model/appearance.ts";

/** The style of every page. */
export const STYLE: string = PAGE_STYLE + paletteCss();

/** The script of every page. */
export const SCRIPT: string = PAGE_SCRIPT;

function sha256(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Nothing may be fetched from anywhere, and only the scripts made with the page run. */
function policy(scripts: string, styles: string): string {
  return [
    "default-src 'none'",
    `script-src ${sha256(BOOT_SCRIPT)} ${scripts}`,
    `style-src ${styles}`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** All in one file: script and style are named by their hashes. */
const ALONE = policy(sha256(SCRIPT), sha256(STYLE));

/** Script and style beside the page; `file:` is what some browsers call a page's own folder. */
const BESIDE = policy("'self' file:", "'self' file:");

/** JSON that is safe inside a script block: no `<` can open or close anything. */
export function embed(value: unknown): string {
  return jsonText(value).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
}

/** The colour switch: half a disc, a sun, a crescent. */
const THEMES = {
  system: {
    label: "Colours of the system",
    d: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12zM8 3.5a4.5 4.5 0 0 1 0 9z",
  },
  light: {
    label: "Light colours",
    d: "M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6zM7.3 1h1.4v2.4H7.3zM7.3 12.6h1.4V15H7.3zM1 7.3h2.4v1.4H1z" +
      "M12.6 7.3H15v1.4h-2.4zM2.55 3.54l.99-.99 1.7 1.7-.99.99zM10.76 11.75l.99-.99 1.7 1.7-.99.99z" +
      "M3.54 13.45l-.99-.99 1.7-1.7.99.99zM11.75 5.24l-.99-.99 1.7-1.7.99.99z",
  },
  dark: { label: "Dark colours", d: "M6 1.9a6.3 6.3 0 1 0 8.1 8.1A5.2 5.2 0 0 1 6 1.9z" },
} as const;

/** Where a site keeps what its pages share, as addresses relative to the page. */
export interface Assets {
  script: string;
  style: string;
}

export interface Link {
  href: string;
  text: string;
  current?: boolean;
}

export interface Page {
  title: string;
  description: string;
  /** Sections or pages to go to. */
  links: Link[];
  body: ComponentChildren;
  /** What the page's script reads, by the id of its block. */
  data: Record<string, unknown>;
  /** Absent where the page has to stand alone. */
  assets?: Assets;
}

/** One whole HTML document. */
export function renderPage({ title, description, links, body, data, assets }: Page): string {
  const html = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={assets ? BESIDE : ALONE} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content={description} />
        <meta name="referrer" content="no-referrer" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        {assets
          ? <link rel="stylesheet" href={assets.style} />
          : <style dangerouslySetInnerHTML={{ __html: STYLE }} />}
        <script dangerouslySetInnerHTML={{ __html: BOOT_SCRIPT }} />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="bar">
          <nav aria-label="Page">
            <ul>
              {links.map(({ href, text, current }) => (
                <li>
                  <a href={href} aria-current={current ? "page" : undefined}>{text}</a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="themes js-only" role="group" aria-label="Colours">
            {Object.entries(THEMES).map(([theme, { label, d }]) => (
              <button
                type="button"
                data-theme-choice={theme}
                aria-pressed="false"
                aria-label={label}
                title={label}
              >
                <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                  <path d={d} fill="currentColor" fill-rule="evenodd" />
                </svg>
              </button>
            ))}
          </div>
        </header>
        <main id="main" tabindex={-1}>{body}</main>
        {Object.entries(data).map(([id, value]) => (
          <script
            type="application/json"
            id={id}
            dangerouslySetInnerHTML={{ __html: embed(value) }}
          />
        ))}
        {assets
          ? <script src={assets.script} />
          : <script dangerouslySetInnerHTML={{ __html: SCRIPT }} />}
      </body>
    </html>,
  );
  return `<!doctype html>\n${html}\n`;
}
