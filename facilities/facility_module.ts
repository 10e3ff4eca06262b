/**
 * A facility by the URL of its module, without the taxonomy.
 *
 * @module
 */
import type { Facility } from "./facility.ts";
import { loadModule } from "./programs.ts";

/**
 * Loads a facility from a module.
 *
 * @throws {TypeError} when the module exports none
 */
export async function facilityIn(url: string): Promise<Facility> {
  const { facility } = await loadModule(url) as { facility?: Facility };
  if (facility === undefined) {
    throw new TypeError(`Cannot use ${url}: it exports no facility; see the README's example`);
  }
  return facility;
}
