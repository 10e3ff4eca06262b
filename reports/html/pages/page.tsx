/**
 * What the pages of a site have in common.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { ComponentChildren } from "preact";
import type { FidelityDocument } from "../../../workloads/runner/fidelity_document.ts";
import type { Declaration } from "../../advise/declaration.ts";
import type { About } from "../about.ts";
import type { Collected } from "../collect.ts";
import { slug } from "../model/charts.ts";
import type { Row } from "../model/rows.ts";
import type { Titles } from "../model/titles.ts";
import type { PageData } from "../views/views.tsx";

/** What every page of a site is made from. */
export interface Site extends Collected {
  about: ReadonlyMap<string, About>;
  titles: Titles;
  /** What one operation of each workload is. */
  summaries: ReadonlyMap<string, string>;
  /** What the facilities of the taxonomy declare. */
  declared: readonly Declaration[];
  /** Stands at the top of the overview, unless it is made from the host's name. */
  title?: string;
  /** The suite against native code, where it was compared. */
  fidelity?: FidelityDocument;
}

/** One page: its address below the site's root, and what stands on it. */
export interface SitePage {
  path: string;
  title: string;
  /** Entry of the navigation that it belongs to. */
  under: string;
  body: ComponentChildren;
  /** Rows that its views need, and whether they need trials and percentiles. */
  rows?: { rows: readonly Row[]; detail: boolean };
  data?: Omit<PageData, "rows">;
}

/** The way from a page to the site's root: empty, or `../`. */
export function rootOf(path: string): string {
  return "../".repeat(path.split("/").length - 1);
}

/** A file's name holds 255 bytes; hardly an id of the suite has half of this. */
const LONGEST_NAME = 60;

/**
 * A file name for an id; one that is no plain word, or too long, gets a hash, so that no two share a
 * name.
 */
function fileName(id: string): string {
  const plain = slug(id);
  if (plain === id && id.length <= LONGEST_NAME) return plain;
  return `${plain.slice(0, 40)}-${createHash("sha256").update(id).digest("hex").slice(0, 8)}`;
}

export const facilityPath = (id: string): string => `facilities/${fileName(id)}.html`;
export const workloadPath = (id: string): string => `workloads/${fileName(id)}.html`;

/** The heading of a page that is not the overview. */
export function Heading(
  { title, kicker, children }: {
    title: ComponentChildren;
    kicker?: ComponentChildren;
    children?: ComponentChildren;
  },
) {
  return (
    <header class="heading">
      {kicker && <p class="kicker">{kicker}</p>}
      <h1>{title}</h1>
      {children}
    </header>
  );
}
