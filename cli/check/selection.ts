/**
 * The cells that a check is asked about, from the options that name cells.
 *
 * @module
 */
import { BESIDE, LEAVES } from "../../facilities/taxonomy.ts";
import type { Selection } from "../../reports/check/selection.ts";
import { crossCpu } from "../../workloads/runner/placement.ts";
import type { Topology } from "../../workloads/runner/topology.ts";
import type { BenchOptions } from "../bench.ts";
import { knownParticipants, knownPlacements, knownWaits, knownWorkloads } from "../dimensions.ts";
import { facilitySources, loadFacilities } from "../facilities.ts";

/**
 * @param topology of the machine that was measured, where `cross-cpu` has one meaning
 * @throws {InputError} a word is unknown, or a facility cannot be loaded
 */
export async function selectionOf(
  { facility, workload, size, placement, participants, wait }: Partial<BenchOptions>,
  topology: Topology,
): Promise<Selection> {
  const nearest = crossCpu(topology)?.class;
  return {
    facilities: facility && await idsOf(facility),
    workloads: workload && knownWorkloads(workload),
    sizes: size,
    placements: placement && knownPlacements(placement)
      .map((word) => word === "cross-cpu" ? nearest ?? word : word),
    participants: participants && knownParticipants(participants),
    waits: wait && knownWaits(wait),
  };
}

async function idsOf(words: readonly string[]): Promise<string[]> {
  const loaded = await loadFacilities(facilitySources(words, [...LEAVES, ...BESIDE]));
  return loaded.map(({ facility }) => facility.id);
}
