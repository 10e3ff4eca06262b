/**
 * A static site from runs: written once, then readable from anywhere, without a server or network.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { ClaimVerdict, FacilityTitles, RunDocument } from "../../workloads/runner/document.ts";
import type { FidelityDocument } from "../../workloads/runner/fidelity_document.ts";
import { jsonText, presentable, shown } from "../../workloads/runner/foreign_text.ts";
import { Staging } from "../../workloads/runner/write_together.ts";
import { declarations } from "../advise/declare.ts";
import { exporter as csv } from "../exports/csv.ts";
import { describe, summariesOf } from "./about.ts";
import { collect } from "./collect.ts";
import { packRows } from "./model/pack.ts";
import { titlesFrom } from "./model/titles.ts";
import { rootOf, type Site, type SitePage } from "./pages/page.tsx";
import { ENTRIES, pagesOf } from "./pages/pages.ts";
import { originOf } from "./report.tsx";
import { renderPage, SCRIPT, STYLE } from "./shell.tsx";

export interface SiteOptions {
  /** Stands at the top of the overview. @default made from the host's name */
  title?: string;
  /** The suite against native code, where it was compared. */
  fidelity?: FidelityDocument;
  /** Verdicts of experiments that were made apart from the newest run. */
  claims?: ClaimVerdict[];
  /** What the facilities of those verdicts are called. */
  facilities?: readonly FacilityTitles[];
  /** Ends the work; the site that was there stays. */
  signal?: AbortSignal;
}

export interface Written {
  /** Paths below the folder, the overview first. */
  files: string[];
  bytes: number;
}

function render(site: Site, page: SitePage, known: ReadonlySet<string>, names: Names): string {
  const root = rootOf(page.path);
  const embedded = page.rows || page.data
    ? {
      page: {
        ...page.data,
        rows: packRows(page.rows?.rows ?? [], page.rows?.detail ?? false),
        origin: originOf(site.run),
      },
    }
    : {};
  return renderPage({
    title: page.title,
    description: `Interprocess communication measured on ${site.run.host.hostname}`,
    links: ENTRIES.filter(({ path }) => known.has(path)).map(({ path, text }) => ({
      href: root + path,
      text,
      current: page.under === path,
    })),
    body: page.body,
    data: embedded,
    assets: { script: `${root}${names.script}`, style: `${root}${names.style}` },
  });
}

interface Names {
  script: string;
  style: string;
}

function assetNames(): Names {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 10);
  return { script: `assets/page-${hash(SCRIPT)}.js`, style: `assets/page-${hash(STYLE)}.css` };
}

/** Files are flushed to the disk while the next ones are rendered, so many at once. */
const WRITERS = 8;

/**
 * Writes a site about `runs` into `folder`. The newest run is what its pages are about; the others
 * give the comparison and the history.
 *
 * All files are written before the first of them is put in place, so whatever goes wrong leaves the
 * site that was there; at every moment each page finds its style, its script and what it links to.
 *
 * @throws {RangeError} when there is no run
 * @throws {SuiteError} when a file cannot be written
 * @throws {DOMException} `AbortError`, when the signal was given
 */
export async function writeSite(
  runs: Iterable<RunDocument> | AsyncIterable<RunDocument>,
  folder: string,
  options: SiteOptions = {},
): Promise<Written> {
  const { signal } = options;
  const collected = await collect(runs, options.claims, signal);
  const declared = await declarations(collected.run.host.limits);
  const named = presentable(options.facilities ?? []);
  const site: Site = {
    ...collected,
    // What a run does not name, because claims or another document do, is of the taxonomy.
    titles: titlesFrom(collected.run.facilities, named, declared),
    title: options.title && shown(options.title),
    fidelity: presentable(options.fidelity),
    about: await describe(collected.facilities),
    declared,
    summaries: await summariesOf(collected.workloads),
  };
  const names = assetNames();
  const pages = pagesOf(site);
  const known = new Set(pages.map((page) => page.path));
  const files: [path: string, content: () => Iterable<string>][] = [
    ...pages.map((page): [string, () => string[]] => [
      page.path,
      () => [render(site, page, known, names)],
    ]),
    [names.script, () => [SCRIPT]],
    [names.style, () => [STYLE]],
    ...options.fidelity
      ? [["data/fidelity.json", () => [jsonText(options.fidelity) + "\n"]]] as [
        string,
        () => string[],
      ][]
      : [],
    ...site.recent.flatMap((run): [string, () => Iterable<string>][] => [
      [`data/${run.id}.json`, () => [jsonText(run) + "\n"]],
      [`data/${run.id}.csv`, () => [csv.render(run)]],
    ]),
  ];
  const paths = files.map(([path]) => path);
  await using staging = await Staging.of(folder);
  let bytes = 0;
  const rest = files.values();
  const failures: unknown[] = [];
  // All end before this does: none may still write when the folder goes.
  await Promise.all(Array.from({ length: WRITERS }, async () => {
    for (const [path, content] of rest) {
      if (failures.length > 0) return;
      try {
        signal?.throwIfAborted();
        // Other writers add to it meanwhile: it is read once the file is written.
        const written = await staging.write(path, content());
        bytes += written;
      } catch (error) {
        failures.push(error);
      }
    }
  }));
  if (failures.length > 0) throw failures[0];
  await staging.write(MANIFEST, [JSON.stringify(paths, null, 1) + "\n"]);
  const before = await listed(folder);
  signal?.throwIfAborted();
  await staging.publish([...paths, MANIFEST]);
  for (const path of before) {
    if (!paths.includes(path)) await Deno.remove(`${folder}/${path}`).catch(() => {});
  }
  return { files: paths, bytes };
}

/** Names the files of a site, so that the next one written over it leaves none of them behind. */
const MANIFEST = "data/files.json";

/** The files that a site in this folder consists of, as far as it may be believed. */
async function listed(folder: string): Promise<string[]> {
  try {
    const names: unknown = JSON.parse(await Deno.readTextFile(`${folder}/${MANIFEST}`));
    return Array.isArray(names) ? names.filter((name) => OWN_FILE.test(name)) : [];
  } catch {
    return [];
  }
}

/** What a site's files may be called; nothing else is ever removed. */
const OWN_FILE =
  /^(?:(?:assets|data|facilities|workloads)\/)?[\w][\w.-]*\.(?:html|js|css|json|csv)$/;
