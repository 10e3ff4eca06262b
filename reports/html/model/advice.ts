/**
 * What the page that answers which facility to use is made from, and its question from the address.
 *
 * @module
 */
import type { Basis } from "../../advise/answer.ts";
import type { Declaration } from "../../advise/declaration.ts";
import {
  type Asked,
  DEFAULT_PATTERN,
  NEED_IDS,
  PATTERN_IDS,
  PATTERNS,
} from "../../advise/requirements.ts";
import type { Choices } from "./choices.ts";

export interface AdviceData extends Omit<Basis, "rows"> {
  facilities: readonly Declaration[];
  /** The page of each facility that has one. */
  pages: Readonly<Record<string, string>>;
}

/** What the reader asks; what the address says and nobody knows is left out. */
export function askedIn({ pattern, need, size, placement, rate, cpu }: Choices): Asked {
  const known = PATTERN_IDS.find((id) => id === pattern) ?? DEFAULT_PATTERN;
  return {
    pattern: known,
    needs: NEED_IDS.filter((id) => need.has(id)),
    // The size of what is asked for next stays in the address meanwhile.
    sizeBytes: PATTERNS[known].data ? size : undefined,
    placement,
    perSecond: rate,
    cpuShare: cpu === undefined ? undefined : cpu / 100,
  };
}
