/**
 * Groups of hosts side by side: each cell's median over the hosts of a group, and how many times
 * worse it is than in the reference group.
 *
 * The unit of replication is a host, by the medians over its runs, so that a host with a thousand
 * runs counts no more than one with five. A comparison accuses nobody: intervals are not corrected
 * for their number, and how many would be significant by chance stands beside them.
 *
 * @module
 */
import { InputError } from "../../workloads/runner/errors.ts";
import { median, ratioInterval } from "../../workloads/runner/statistics.ts";
import type { Facet, Figure, FleetRun } from "./fleet_run.ts";
import { type HostLevels, levelsOf } from "./levels.ts";

export interface Group {
  readonly name: string;
  readonly hosts: number;
  readonly runs: number;
}

/** How many times worse than the reference group. */
export interface GroupRatio {
  readonly ratio: number;
  /** 95 %, over hosts; null where they are too few for one. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Whether 1 lies outside of the interval. */
  readonly significant: boolean;
}

/** A cell in a group, against the reference group. */
export interface GroupCell extends GroupRatio {
  readonly id: string;
  readonly group: string;
  readonly unit: Figure["unit"];
  /** Medians over the hosts, in the cell's unit. */
  readonly reference: number;
  readonly estimate: number;
  /** Hosts of the reference group and of this one that measured it. */
  readonly hosts: readonly [number, number];
}

export interface GroupComparison {
  readonly facet: Facet;
  readonly reference: string;
  /** The reference first, then the largest. */
  readonly groups: readonly Group[];
  /** Each other group as a whole: of its hosts the median over the cells. */
  readonly overall: readonly (GroupRatio & { readonly group: string })[];
  /** The largest change first. */
  readonly cells: readonly GroupCell[];
  /** So many cells would be significant by chance, were all the same. */
  readonly byChance: number;
}

const LEVEL = 0.95;

/**
 * Compares the groups of a facet with the one that has most hosts, or with a named one.
 *
 * @throws {InputError} no group has the name that the reference should have
 */
export function compareGroups(
  runs: readonly FleetRun[],
  facet: Facet,
  reference?: string,
): GroupComparison {
  const groups = [...Map.groupBy(runs, (run) => run.groups[facet])]
    .map(([name, own]) => ({ name, runs: own.length, hosts: levelsOf(own) }))
    .sort((a, b) => b.hosts.length - a.hosts.length || (a.name < b.name ? -1 : 1));
  const first = reference === undefined ? groups[0] : groups.find(({ name }) => name === reference);
  if (!first) {
    throw new InputError(
      `Cannot compare with ${reference}: the runs' groups by ${facet} are ` +
        `${groups.map(({ name }) => name).join(", ") || "none"}`,
    );
  }
  const others = groups.filter((group) => group !== first);
  const cells = others.flatMap((group) => cellsOf(first.hosts, group));
  return {
    facet,
    reference: first.name,
    groups: [first, ...others].map(({ name, runs, hosts }) => ({
      name,
      runs,
      hosts: hosts.length,
    })),
    overall: others.flatMap(({ name, hosts }) => overallOf(name, first.hosts, hosts)),
    cells: cells.sort((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio))),
    byChance: (1 - LEVEL) * cells.filter(({ interval }) => interval !== null).length,
  };
}

function cellsOf(
  reference: readonly HostLevels[],
  { name, hosts }: { name: string; hosts: readonly HostLevels[] },
): GroupCell[] {
  const ids = new Set(hosts.flatMap(({ figures }) => [...figures.keys()]));
  return [...ids].flatMap((id) => {
    const [before, after] = [reference, hosts].map((side) =>
      side.flatMap(({ figures }) => figures.get(id) ?? [])
    ) as [Figure[], Figure[]];
    if (before.length === 0 || after.length === 0) return [];
    return [{
      id,
      group: name,
      unit: after[0]!.unit,
      reference: median(before.map(({ estimate }) => estimate)),
      estimate: median(after.map(({ estimate }) => estimate)),
      hosts: [before.length, after.length] as const,
      ...ratioOf(before.map(costOf), after.map(costOf)),
    }];
  });
}

const costOf = ({ logCost }: Figure) => Math.exp(logCost);

/** How many times worse hosts are over the cells that both groups have, in the middle. */
function overallOf(
  group: string,
  reference: readonly HostLevels[],
  hosts: readonly HostLevels[],
): (GroupRatio & { group: string })[] {
  const usual = new Map<string, number>();
  for (const id of new Set(reference.flatMap(({ figures }) => [...figures.keys()]))) {
    usual.set(id, median(reference.flatMap(({ figures }) => figures.get(id)?.logCost ?? [])));
  }
  const scores = (side: readonly HostLevels[]) =>
    side.flatMap(({ figures }) => {
      const distances = [...figures].flatMap(([id, { logCost }]) =>
        usual.has(id) ? [logCost - usual.get(id)!] : []
      );
      return distances.length > 0 ? [Math.exp(median(distances))] : [];
    });
  const [before, after] = [scores(reference), scores(hosts)];
  return after.length > 0 ? [{ group, ...ratioOf(before, after) }] : [];
}

function ratioOf(before: readonly number[], after: readonly number[]): GroupRatio {
  const { ratio, interval } = ratioInterval(after, before, LEVEL);
  const significant = interval !== null && (interval[0] > 1 || interval[1] < 1);
  return { ratio, interval, significant };
}
