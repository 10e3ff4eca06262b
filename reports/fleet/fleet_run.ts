/**
 * What a fleet is read from: of each run its host, the groups that host belongs to, and the figures.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";

/** What hosts are grouped by. */
export const FACETS = ["kernel", "instance", "runtime", "cpu"] as const;
export type Facet = typeof FACETS[number];

/** The group of a host about which nothing is known. */
export const UNKNOWN = "unknown";

/** The runtime of a host where no container is seen. */
export const NONE = "no container";

export interface Figure extends Pick<MeasuredCell, "facility" | "unit" | "better" | "estimate"> {
  /** Logarithm of what an operation costs: larger is worse, whatever the unit. */
  readonly logCost: number;
}

export interface FleetRun {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly hostname: string;
  readonly machineKey: string;
  readonly groups: Readonly<Record<Facet, string>>;
  /** By the cell's id, without controls. */
  readonly figures: ReadonlyMap<string, Figure>;
}

export function fleetRunOf({ id, startedAt, host, cells }: RunDocument): FleetRun {
  const figures = new Map<string, Figure>();
  for (const cell of cells) {
    // A logarithm takes what is positive only.
    if (cell.status !== "measured" || cell.control || !(cell.estimate > 0)) continue;
    const { facility, unit, better, estimate } = cell;
    const logCost = better === "lower" ? Math.log(estimate) : -Math.log(estimate);
    figures.set(cell.id, { facility, unit, better, estimate, logCost });
  }
  return {
    id,
    startedAt,
    hostname: host.hostname,
    machineKey: host.machineKey,
    groups: {
      kernel: host.kernel,
      instance: host.instance ?? UNKNOWN,
      runtime: host.runtime ?? (host.runtime === null ? NONE : UNKNOWN),
      cpu: host.machineKey,
    },
    figures,
  };
}
