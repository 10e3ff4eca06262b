/** Which facilities a statement about shared memory speaks of. @module */
import type { Facility } from "../../../facilities/facility.ts";

/** Null for memory that several participants share. */
export function unlessRegion({ region }: Facility): string | null {
  return region ? null : "it is no shared memory";
}
