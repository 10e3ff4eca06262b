/**
 * CPU quotas: a control group that is throttled stands still for tens of milliseconds now and then,
 * which falls into few of the timed regions and shows little in the control rows. The kernel counts
 * it, and each trial keeps that count.
 *
 * @module
 */
import type { RunDocument } from "../../workloads/runner/document.ts";
import { warningsWith } from "../../workloads/runner/warning.ts";

/** A run may be throttled in so much greater a share of its trials than the baseline was. */
const TOLERATED = 0.2;

interface Throttled {
  readonly throttled: number;
  readonly trials: number;
}

/** Why the candidate's quota makes it another machine than the baseline's; null where it does not. */
export function quotaDoubt(
  baseline: readonly RunDocument[],
  candidate: RunDocument,
): string | null {
  const [before, now] = [throttledIn(baseline), throttledIn([candidate])];
  if (shareOf(now) - shareOf(before) <= TOLERATED) return null;
  return `the machine has changed: the CPU quota ran out during ${now.throttled} of ${now.trials} ` +
    `trials, of the baseline's during ${before.throttled} of ${before.trials}`;
}

function throttledIn(runs: readonly RunDocument[]): Throttled {
  const trials = runs.flatMap(({ cells }) =>
    cells.flatMap((cell) => cell.status === "measured" ? cell.trials : [])
  );
  const throttled = trials.filter(({ marks }) => warningsWith("quota-ran-out", marks).length > 0);
  return { throttled: throttled.length, trials: trials.length };
}

function shareOf({ throttled, trials }: Throttled): number {
  return trials === 0 ? 0 : throttled / trials;
}
