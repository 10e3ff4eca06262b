/**
 * What fidelity compares: which cells, and what each kind of them is held to.
 *
 * @module
 */
import type { Facility } from "../../facilities/facility.ts";
import type { Settings } from "./document.ts";
import type { FidelityGroup, Goal } from "./fidelity_document.ts";
import type { Placement } from "./placement.ts";
import { makePlan, type PlannedCell, type PlannedVisit } from "./plan.ts";
import { PROFILE } from "./profile.ts";
import type { Topology } from "./topology.ts";

const SMALL = 1;
const PAGE = 4096;
const LARGE = 65_536;

/** What is held to what; the order is that of the table. */
export const GOALS: Readonly<Record<FidelityGroup, Goal>> = {
  blocking: { kind: "ratio", most: 1.05 },
  throughput: { kind: "ratio", most: 1.05 },
  uncontended: { kind: "extra-ns-per-call", most: 10 },
  spin: { kind: "ratio", most: 1.1 },
};

/** Calls of an endpoint in one operation of the uncontended workloads. */
export const CALLS = 2;

export interface FidelityInput {
  readonly facilities: readonly { readonly source: string; readonly facility: Facility }[];
  readonly topology: Topology;
  /** Where the cells that block are compared. */
  readonly blocking: Placement;
  /** Where those that spin are; null where there is only one CPU. */
  readonly spinning: Placement | null;
  readonly seed: number;
  readonly budgetSeconds: number;
}

/** A cell of the comparison. */
export interface FidelityTarget {
  readonly group: FidelityGroup;
  readonly planned: PlannedCell;
  /** Largest message that its kernel objects were made for. */
  readonly largest: number;
}

/** The cells of each facility, with the setups that they use. */
export interface FidelityVisit {
  readonly visit: PlannedVisit;
  readonly targets: readonly FidelityTarget[];
}

/**
 * Chooses from the cells that the suite would measure: the default variant of each facility, at the
 * sizes that the goals name.
 *
 * @throws {InputError} when nothing is left to compare
 */
export async function planFidelity(input: FidelityInput): Promise<FidelityVisit[]> {
  const { facilities, topology, blocking, spinning } = input;
  const settings: Settings = {
    profile: "quick",
    seed: input.seed,
    trials: 1,
    budgetSeconds: input.budgetSeconds,
    facilities: facilities.map(({ facility }) => facility.id),
    workloads: Object.values(WORKLOADS).flat(),
    sizes: [SMALL, PAGE, LARGE],
    placements: [blocking.class, ...(spinning ? [spinning.class] : [])],
    participants: ["process"],
    waits: ["futex", "spin"],
    awake: true,
    named: ["waits", "participants"],
  };
  const profile = { ...PROFILE.quick, matrixSizes: [], variantSizes: [] };
  const placements = spinning && spinning.class !== blocking.class
    ? [blocking, spinning]
    : [blocking];
  const plan = await makePlan({ facilities, settings, profile, placements, topology });
  return plan.visits.flatMap((visit) => {
    const facility = facilities.find(({ source }) => source === visit.facility)?.facility;
    if (!facility) return [];
    const targets = visit.cells.flatMap((planned) => {
      const group = groupOf(planned, facility, blocking, spinning);
      const { maxBytes = 1 } = visit.setups[planned.task.setup] ?? {};
      return group ? [{ group, planned, largest: maxBytes }] : [];
    });
    return targets.length > 0 ? [{ visit, targets }] : [];
  });
}

const WORKLOADS = {
  moving: ["round-trip", "throughput"],
  waking: ["hand-off", "lock-hand-off"],
  alone: ["uncontended", "uncontended-post"],
};

/** What a cell is held to; null where it is not compared. */
function groupOf(
  { dimensions, workload }: PlannedCell,
  facility: Facility,
  blocking: Placement,
  spinning: Placement | null,
): FidelityGroup | null {
  const { variant, sizeBytes, placement, wait } = dimensions;
  if (variant !== undefined && variant !== facility.variants?.[0]?.id) return null;
  if (WORKLOADS.alone.includes(workload.id)) return "uncontended";
  if (wait === "spin") {
    if (placement !== spinning?.class) return null;
    return sizeBytes === (workload.id === "throughput" ? LARGE : SMALL) ? "spin" : null;
  }
  if (placement !== blocking.class) return null;
  if (workload.id !== "throughput") return sizeBytes === LARGE ? null : "blocking";
  const wanted = facility.semantics.boundaries === "message" ? PAGE : LARGE;
  return sizeBytes === wanted ? "throughput" : null;
}
