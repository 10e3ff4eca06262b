/**
 * Where the participants of a trial run, as a dimension of the cell.
 *
 * @module
 */
import type { Cpu, Topology } from "./topology.ts";

/** The classes, nearest first. */
export const PLACEMENT_CLASSES = [
  /** Both on one CPU: every exchange is a context switch. */
  "same-cpu",
  /** Two hardware threads of one core. */
  "smt",
  /** Two cores that share the last-level cache. */
  "same-cache",
  /** Two cores of one socket with different last-level caches. */
  "cross-cache",
  /** Two sockets. */
  "cross-socket",
  /** Wherever the scheduler puts them. */
  "unpinned",
] as const;

export type PlacementClass = typeof PLACEMENT_CLASSES[number];

/** A class this machine has, and the pair of CPUs that stands for it; -1 is not pinned. */
export interface Placement {
  class: PlacementClass;
  cpus: [first: number, second: number];
}

/** How two CPUs of a topology are related. */
export function relation(a: Cpu, b: Cpu): PlacementClass {
  if (a.cpu === b.cpu) return "same-cpu";
  if (a.core === b.core) return "smt";
  if (a.sharedCache.includes(b.cpu)) return "same-cache";
  return a.socket === b.socket ? "cross-cache" : "cross-socket";
}

/** The classes this machine has, nearest first, each with its pair of CPUs. */
export function placements(topology: Topology): Placement[] {
  return PLACEMENT_CLASSES.flatMap((name) => {
    const pair = pairsOf(topology, name)[0];
    return pair ? [{ class: name, cpus: pair }] : [];
  });
}

/** The nearest class that is not the same CPU, or null where there is but one. */
export function crossCpu(topology: Topology): Placement | null {
  const elsewhere = placements(topology).filter(({ class: name }) =>
    name !== "same-cpu" && name !== "unpinned"
  );
  return elsewhere[0] ?? null;
}

/** The CPU of each of `count` participants: the pair's in turn. */
export function cpusFor({ cpus }: Placement, count: number): number[] {
  return Array.from({ length: count }, (_, rank) => cpus[rank % 2]!);
}

/**
 * Pairs of the class that have no CPU in common, as many as can be found by taking the first that
 * fits; one pair where the class has the participants share or not be pinned.
 */
export function pairsOf(topology: Topology, name: PlacementClass): [number, number][] {
  if (name === "unpinned") return topology.length > 0 ? [[-1, -1]] : [];
  const order = [...topology].sort(byPreference);
  if (name === "same-cpu") return order.map(({ cpu }) => [cpu, cpu]);
  const taken = new Set<number>();
  const pairs: [number, number][] = [];
  for (const [index, a] of order.entries()) {
    if (taken.has(a.cpu)) continue;
    const b = order.slice(index + 1).find((b) => !taken.has(b.cpu) && relation(a, b) === name);
    if (!b) continue;
    taken.add(a.cpu).add(b.cpu);
    pairs.push([Math.min(a.cpu, b.cpu), Math.max(a.cpu, b.cpu)]);
  }
  return pairs;
}

/** The CPUs that a trial on the given ones leaves free; all where it leaves none. */
export function otherCpus(topology: Topology, cpus: readonly number[]): number[] {
  const all = topology.map(({ cpu }) => cpu);
  const free = all.filter((cpu) => !cpus.includes(cpu));
  return free.length > 0 ? free : all;
}

/** Powerful CPUs first, and CPU 0's core last, since it serves most interrupts. */
function byPreference(a: Cpu, b: Cpu): number {
  return (b.capacity ?? 0) - (a.capacity ?? 0) ||
    Number(a.core === 0) - Number(b.core === 0) ||
    a.cpu - b.cpu;
}
