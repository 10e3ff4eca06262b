/**
 * What verdicts mean for the exit code.
 *
 * @module
 */
import type { ClaimVerdict } from "../../workloads/runner/document.ts";

/** The exit code that verdicts ask for: 1 where a statement fails, else 3 where one is unknown. */
export function verdictsCode(verdicts: readonly Pick<ClaimVerdict, "verdict">[]): 0 | 1 | 3 {
  if (verdicts.some(({ verdict }) => verdict === "fails")) return 1;
  return verdicts.some(({ verdict }) => verdict === "unknown") ? 3 : 0;
}
