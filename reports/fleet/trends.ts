/**
 * How the cells of a group of hosts move from day to day, and where they step to another level.
 *
 * A day's figure is the median over the hosts that ran that day, each by its own median. Hosts of one
 * group differ, and not all of them run every day; so a host that ran on several days is followed
 * against its own level, and a day does not look slow because slow hosts had their turn.
 *
 * @module
 */
import { median } from "../../workloads/runner/statistics.ts";
import { type Step, stepsOf } from "../history/trend.ts";
import type { Facet, Figure, FleetRun } from "./fleet_run.ts";
import { hostKey, levelsOf } from "./levels.ts";

export interface DayPoint {
  /** For example `2026-03-01`, in UTC. */
  readonly day: string;
  readonly estimate: number;
  readonly hosts: number;
}

export interface GroupTrend extends Pick<Figure, "unit" | "better"> {
  readonly id: string;
  readonly points: readonly DayPoint[];
  /** Their `run` is the day. */
  readonly steps: readonly Step[];
}

export interface GroupTrends {
  readonly group: string;
  readonly hosts: number;
  readonly runs: number;
  readonly days: number;
  readonly cells: readonly GroupTrend[];
}

const dayOf = ({ startedAt }: FleetRun) => startedAt.slice(0, 10);

/** The trends of the cells whose id has one of the words in it, or of all, group by group. */
export function groupTrends(
  runs: readonly FleetRun[],
  facet: Facet,
  words: readonly string[] = [],
): GroupTrends[] {
  const chosen = (id: string) => words.length === 0 || words.some((word) => id.includes(word));
  return [...Map.groupBy(runs, (run) => run.groups[facet])]
    .map(([group, own]) => trendsOf(group, own, chosen))
    .sort((a, b) => b.hosts - a.hosts || (a.group < b.group ? -1 : 1));
}

function trendsOf(
  group: string,
  runs: readonly FleetRun[],
  chosen: (id: string) => boolean,
): GroupTrends {
  const days = [...Map.groupBy(runs, dayOf)].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([day, own]) => ({ day, kernel: kernelsOf(own), hosts: levelsOf(own) }));
  const hosts = levelsOf(runs);
  const levels = new Map(hosts.map((host) => [hostKey(host), host.figures]));
  const returning = new Set(
    hosts.map(hostKey).filter((key) =>
      days.filter(({ hosts }) => hosts.some((host) => hostKey(host) === key)).length > 1
    ),
  );
  const ids = [...new Set(hosts.flatMap(({ figures }) => [...figures.keys()]))].filter(chosen);
  const cells = ids.map((id): GroupTrend => {
    const known = hosts.flatMap(({ figures }) => figures.get(id) ?? []);
    const usual = median(known.map(({ logCost }) => logCost));
    const { unit, better } = known[0]!;
    const points = days.flatMap(({ day, kernel, hosts }) => {
      const costs = hosts.flatMap((host) => {
        const figure = host.figures.get(id);
        if (!figure) return [];
        const key = hostKey(host);
        const own = returning.has(key) ? levels.get(key)!.get(id)!.logCost : usual;
        return [figure.logCost - own + usual];
      });
      if (costs.length === 0) return [];
      const logCost = median(costs);
      const estimate = Math.exp(better === "lower" ? logCost : -logCost);
      return [{ day, kernel, estimate, hosts: costs.length }];
    });
    return {
      ...{ id, unit, better },
      points: points.map(({ day, estimate, hosts }) => ({ day, estimate, hosts })),
      steps: stepsOf(points.map(({ day, kernel, estimate }) => ({
        estimate,
        run: {
          id: day,
          startedAt: `${day}T00:00:00.000Z`,
          kernel,
          ...{ hostname: "", deno: "", version: "", profile: "" },
        },
      }))),
    };
  });
  return { group, hosts: hosts.length, runs: runs.length, days: days.length, cells };
}

/** Kernels that ran that day, so that a step can name a change of them. */
function kernelsOf(runs: readonly FleetRun[]): string {
  return [...new Set(runs.map(({ groups }) => groups.kernel))].sort().join(", ");
}
