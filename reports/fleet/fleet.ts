/**
 * A fleet as `compare --by` writes it.
 *
 * @module
 */
import { NotComparableError } from "../../workloads/runner/errors.ts";
import type { Facet, FleetRun } from "./fleet_run.ts";
import { compareGroups, type GroupComparison } from "./groups.ts";
import { findOutliers, type OutlierSearch } from "./outliers.ts";

export interface FleetDocument {
  readonly schema: "ipc-taxonomy/fleet/1";
  /** ISO 8601, UTC: when the oldest and the newest run started. */
  readonly since: string;
  readonly until: string;
  readonly comparison: GroupComparison;
  readonly outliers: OutlierSearch;
}

/**
 * Reads a fleet by one facet.
 *
 * @throws {NotComparableError} there is no run
 * @throws {InputError} no group has the name that the reference should have
 */
export function readFleet(
  runs: readonly FleetRun[],
  facet: Facet,
  reference?: string,
): FleetDocument {
  const times = runs.map(({ startedAt }) => startedAt).sort();
  const [since, until] = [times[0], times.at(-1)];
  if (since === undefined || until === undefined) {
    throw new NotComparableError("There is no such run in the store: nothing to compare");
  }
  return {
    schema: "ipc-taxonomy/fleet/1",
    since,
    until,
    comparison: compareGroups(runs, facet, reference),
    outliers: findOutliers(runs),
  };
}
