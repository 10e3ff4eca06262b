/**
 * What the facilities say of themselves, for pages that describe them.
 *
 * @module
 */
import type { Facility } from "../../facilities/facility.ts";
import { loadWorkload, WORKLOADS } from "../../workloads/catalogue.ts";
import { type Branch, type Leaf, loadFacility, TAXONOMY } from "../../facilities/taxonomy.ts";

/** The description of a facility, as plain data. */
export interface About {
  id: string;
  title: string;
  summary: string;
  origin: Facility["origin"];
  semantics: Facility["semantics"];
  variants: { id: string; summary: string }[];
  /** Names of the host's limits that bear on it. */
  limits: string[];
}

/** Descriptions by id; a facility of a user's own, or one that does not load here, has none. */
export async function describe(ids: Iterable<string>): Promise<Map<string, About>> {
  const found = new Map<string, About>();
  for (const id of new Set(ids)) {
    try {
      const facility = await loadFacility(id);
      const { title, summary, origin, semantics, variants = [] } = facility;
      found.set(id, {
        id,
        title,
        summary,
        origin,
        semantics,
        variants: variants.map(({ id, summary }) => ({ id, summary })),
        limits: limitsOf(facility),
      });
    } catch {
      // The page shows the figures alone.
    }
  }
  return found;
}

/** What one operation of each workload is, by its id, in the workload's own words. */
export async function summariesOf(ids: Iterable<string>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const id of new Set(ids)) {
    if (!WORKLOADS.includes(id)) continue;
    found.set(id, (await loadWorkload(id)).summary);
  }
  return found;
}

function limitsOf(facility: Facility): string[] {
  try {
    return facility.limits().map(({ name }) => name);
  } catch {
    return [];
  }
}

/** A node of the taxonomy as pages draw it. */
export interface Twig {
  title: string;
  leaves: string[];
  twigs: Twig[];
}

/** The taxonomy with only those leaves that a run speaks of; those it does not know come last. */
export function treeOf(ids: ReadonlySet<string>): Twig[] {
  const placed = new Set<string>();
  const twig = (branch: Branch): Twig => {
    const made: Twig = { title: branch.title, leaves: [], twigs: [] };
    for (const child of branch.children as (Branch | Leaf)[]) {
      if ("children" in child) {
        const inner = twig(child);
        if (inner.leaves.length + inner.twigs.length > 0) made.twigs.push(inner);
      } else if (ids.has(child.id)) {
        placed.add(child.id);
        made.leaves.push(child.id);
      }
    }
    return made;
  };
  const tree = TAXONOMY.map(twig).filter(({ leaves, twigs }) => leaves.length + twigs.length > 0);
  const others = [...ids].filter((id) => !placed.has(id)).sort();
  return others.length ? [...tree, { title: "Others", leaves: others, twigs: [] }] : tree;
}
