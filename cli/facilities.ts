/** The facilities that the command line names. @module */
import type { PlacedLeaf } from "../facilities/taxonomy.ts";
import { known } from "./arguments.ts";

/**
 * Ids as they are, paths of modules as URLs; all that are offered when none is given.
 *
 * @throws {InputError} for an unknown id, naming the nearest
 */
export function facilitySources(
  given: readonly string[] | undefined,
  offered: readonly PlacedLeaf[],
): string[] {
  const ids = offered.map(({ id }) => id);
  if (!given) return ids;
  return given.map((word) => {
    if (!/[./]/.test(word)) return known("facility", [word], ids)[0]!;
    return new URL(word, `file://${Deno.cwd()}/`).href;
  });
}
