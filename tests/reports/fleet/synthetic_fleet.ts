/** Fleets made up for tests, with hosts that are known to differ, or none. @module */
import type { Figure, FleetRun } from "../../../reports/fleet/fleet_run.ts";
import { createRandom, type Random } from "../../../workloads/runner/random.ts";

export interface FleetPlan {
  readonly seed: number;
  readonly hosts: number;
  readonly runs: number;
  readonly facilities: number;
  readonly cells: number;
  /** Of logarithms: how far a cell of one run strays. */
  readonly noise: "normal" | "long-tailed" | "two states";
  /** By how much a host's facility is slower, for example 1.3. */
  readonly slower?: (host: number, facility: number) => number;
  readonly groups?: (host: number) => Partial<FleetRun["groups"]>;
  /** Days between the first run of a host and its next. */
  readonly daysApart?: number;
}

const GROUPS = { kernel: "Linux 6.18", instance: "m7", runtime: "containerd", cpu: "EPYC x2" };

/** Standard normal, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

function strayed(random: Random, noise: FleetPlan["noise"]): number {
  if (noise !== "long-tailed") return normal(random);
  const scale = Array.from({ length: 5 }, () => normal(random) ** 2).reduce((a, b) => a + b) / 5;
  return normal(random) / Math.sqrt(scale);
}

/** Every run strays as a whole, each facility in it, and each cell. */
export function syntheticFleet(plan: FleetPlan): FleetRun[] {
  const random = createRandom(plan.seed);
  const stray = (size: number) => size * strayed(random, plan.noise);
  const runs: FleetRun[] = [];
  for (let host = 0; host < plan.hosts; host++) {
    for (let run = 0; run < plan.runs; run++) {
      const state = plan.noise === "two states" && random.next() < 0.3 ? Math.log(1.5) : 0;
      const common = stray(0.02) + state;
      const figures = new Map<string, Figure>();
      for (let facility = 0; facility < plan.facilities; facility++) {
        const own = stray(0.02) + Math.log(plan.slower?.(host, facility) ?? 1);
        for (let cell = 0; cell < plan.cells; cell++) {
          const logCost = Math.log(1000 * (1 + facility)) + cell + common + own + stray(0.05);
          const better = cell % 2 === 0 ? "lower" : "higher";
          figures.set(`round-trip/f${facility}/${cell}`, {
            facility: `f${facility}`,
            unit: better === "lower" ? "ns" : "bytes/s",
            better,
            estimate: Math.exp(better === "lower" ? logCost : -logCost),
            logCost,
          });
        }
      }
      const day = run * (plan.daysApart ?? 1);
      runs.push({
        id: `run-${host}-${run}`,
        startedAt: new Date(Date.UTC(2026, 0, 1 + day, host % 24)).toISOString(),
        hostname: `host-${host}`,
        machineKey: plan.groups?.(host).cpu ?? GROUPS.cpu,
        groups: { ...GROUPS, ...plan.groups?.(host) },
        figures,
      });
    }
  }
  return runs;
}
