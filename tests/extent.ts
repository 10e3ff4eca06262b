/**
 * How much a test file that runs in both `task test` and `task test:long` does in each.
 *
 * @module
 */

/** `short` is what a change needs, `long` is the whole. */
export type Extent = "short" | "long";

/** The variable that the gate sets for its tests. */
export const EXTENT_VARIABLE = "IPC_TAXONOMY_EXTENT";

/** How many there are of something: fewer in the gate, or for `deno test` by hand, than in the long tests. */
export function amount(short: number, long: number): number {
  return Deno.env.get(EXTENT_VARIABLE) === "long" ? long : short;
}
