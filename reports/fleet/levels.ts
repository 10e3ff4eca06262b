/**
 * One voice a host: however many runs a host has, it counts once.
 *
 * Runs of one host share that host's luck; to take them for so many independent observations is to
 * take a sample of one for a large one.
 *
 * @module
 */
import { median } from "../../workloads/runner/statistics.ts";
import type { Figure, FleetRun } from "./fleet_run.ts";

/** A host by the medians over its runs. */
export interface HostLevels {
  readonly hostname: string;
  readonly machineKey: string;
  readonly groups: FleetRun["groups"];
  readonly runs: number;
  /** Of each run. */
  readonly each: readonly FleetRun["figures"][];
  /** Medians over its runs, by the cell's id. */
  readonly figures: ReadonlyMap<string, Figure>;
}

/** A host is a name with a machine key: pods and containers may share names. */
export function hostKey({ hostname, machineKey }: Pick<FleetRun, "hostname" | "machineKey">) {
  return `${hostname}\n${machineKey}`;
}

/** The hosts of some runs, in the order of their names; their groups are those of the newest run. */
export function levelsOf(runs: readonly FleetRun[]): HostLevels[] {
  const hosts = [...Map.groupBy(runs, hostKey).values()].map((own): HostLevels => {
    const newest = own.reduce((a, b) => b.startedAt > a.startedAt ? b : a);
    const { hostname, machineKey, groups } = newest;
    const each = own.map(({ figures }) => figures);
    return { hostname, machineKey, groups, runs: own.length, each, figures: mediansOf(each) };
  });
  return hosts.sort((a, b) => hostKey(a) < hostKey(b) ? -1 : 1);
}

function mediansOf(each: HostLevels["each"]): Map<string, Figure> {
  const ids = new Set(each.flatMap((figures) => [...figures.keys()]));
  return new Map([...ids].map((id) => [id, middle(each.flatMap((own) => own.get(id) ?? []))]));
}

function middle(figures: readonly Figure[]): Figure {
  const { facility, unit, better } = figures[0]!;
  const logCost = median(figures.map((each) => each.logCost));
  const estimate = Math.exp(better === "lower" ? logCost : -logCost);
  return { facility, unit, better, estimate, logCost };
}
