/**
 * Whether two runs may be compared at all, and which facts differ between those that may.
 *
 * @module
 */
import type { RunDocument } from "../../workloads/runner/document.ts";
import { NotComparableError } from "../../workloads/runner/errors.ts";

/** A fact that is not the same in two runs. */
export interface Difference {
  readonly fact: string;
  readonly baseline: string;
  readonly candidate: string;
}

/** As much of a run as there is before it is measured. */
export type Identity = Pick<RunDocument, "id" | "host">;

type Fact<T> = readonly [name: string, of: (run: T) => unknown];

/** What the machine key is made of. */
const OF_THE_MACHINE: readonly Fact<Identity>[] = [
  ["CPU model", ({ host }) => host.cpuModel],
  ["CPUs", ({ host }) => host.cpus],
  ["architecture", ({ host }) => host.arch],
  ["virtualization", ({ host }) => host.virtualization ?? "none"],
];

/** What may differ, and may be why a figure did. */
const OF_THE_RUN: readonly Fact<RunDocument>[] = [
  ["kernel", ({ host }) => host.kernel],
  ["Deno", ({ tool }) => tool.deno],
  ["suite", ({ tool }) => tool.version],
  ["host", ({ host }) => host.hostname],
  ["governor", ({ host }) => host.governor ?? "none"],
  ["turbo", ({ host }) => host.turbo === null ? "unknown" : host.turbo ? "on" : "off"],
  ["CPU quota", ({ host }) => host.cgroup.cpuQuota ?? "none"],
  ["CPU set", ({ host }) => host.cgroup.cpuset ?? "unknown"],
  ["huge pages", ({ host }) => host.transparentHugePages ?? "unknown"],
  ["clock source", ({ host }) => host.clockSource ?? "unknown"],
  ["mitigations", ({ host }) => mitigations(host.mitigations)],
  ["profile", ({ settings }) => settings.profile],
  ["kept awake", ({ settings }) => settings.awake ? "yes" : "no"],
];

function mitigations(all: Readonly<Record<string, string>>): string {
  return Object.entries(all).filter(([, state]) => state.startsWith("Mitigation"))
    .map(([name, state]) => `${name}: ${state}`).sort().join("; ") || "none";
}

/**
 * Makes sure that all runs are of one machine key.
 *
 * @throws {NotComparableError} naming the facts that differ
 */
export function requireSameMachine(
  baseline: readonly Identity[],
  candidate: Identity,
): void {
  for (const run of baseline) {
    if (run.host.machineKey === candidate.host.machineKey) continue;
    const facts = differing(OF_THE_MACHINE, run, candidate)
      .map((each) => `${each.fact} ${each.baseline} and ${each.candidate}`);
    throw new NotComparableError(
      `Cannot compare ${candidate.id} with ${run.id}: they are of different machines, ` +
        (facts.length > 0
          ? facts.join(", ")
          : `${run.host.machineKey} and ${candidate.host.machineKey}`),
    );
  }
}

/** Facts of the newest baseline run that are others in the candidate. */
export function differences(baseline: RunDocument, candidate: RunDocument): Difference[] {
  return differing(OF_THE_RUN, baseline, candidate);
}

function differing<T>(
  facts: readonly Fact<T>[],
  baseline: T,
  candidate: T,
): Difference[] {
  return facts.map(([fact, of]) => ({
    fact,
    baseline: String(of(baseline)),
    candidate: String(of(candidate)),
  })).filter((each) => each.baseline !== each.candidate);
}
