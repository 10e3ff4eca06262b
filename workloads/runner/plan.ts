/**
 * The plan of a run: which cells there are, which of them cannot be measured here and why, and which
 * are visited together by one set of participants.
 *
 * @module
 */
import { STRATEGIES } from "../../facilities/communication/shared_memory/waiting.ts";
import type { Capability, Facility, Participants } from "../../facilities/facility.ts";
import { CONTROL_ROWS, loadWorkload, WORKLOADS } from "../catalogue.ts";
import type { Workload } from "../workload.ts";
import type { Cell, Settings } from "./document.ts";
import { InputError } from "./errors.ts";
import { cpusFor, otherCpus, type Placement } from "./placement.ts";
import type { Profile } from "./profile.ts";
import type { Topology } from "./topology.ts";
import type { CellTask, Setup } from "./visit.ts";

/** The dimensions of a cell as the run document has them. */
export type Dimensions = Omit<
  Extract<Cell, { status: "failed" }>,
  "status" | "reason" | "warnings"
>;

/** A cell that will be measured. */
export interface PlannedCell {
  readonly dimensions: Dimensions;
  readonly workload: Workload;
  /** Without `targetNs`, which the schedule decides. */
  readonly task: Omit<CellTask, "targetNs">;
  /** What has to stand beside its figure. */
  readonly remark?: string | null;
}

/** One facility, visited by one set of participants a trial. */
export interface PlannedVisit {
  /** Id or module URL; null for the control rows. */
  readonly facility: string | null;
  readonly participants: Participants;
  readonly count: number;
  readonly setups: readonly Setup[];
  readonly cells: readonly PlannedCell[];
}

export interface Plan {
  readonly visits: readonly PlannedVisit[];
  /** Cells known beforehand not to be applicable. */
  readonly inapplicable: readonly Cell[];
}

/** What a plan is made of. */
export interface PlanInput {
  /** Each with the id or URL it was loaded by. */
  readonly facilities: readonly { readonly source: string; readonly facility: Facility }[];
  readonly settings: Settings;
  readonly profile: Profile;
  readonly placements: readonly Placement[];
  readonly topology: Topology;
  /** What the user named: then all combinations are meant. */
  readonly named: {
    readonly sizes: boolean;
    readonly waits: boolean;
    readonly participants: boolean;
  };
}

/**
 * Makes the plan.
 *
 * @throws {InputError} when no cell is left to measure
 */
export async function makePlan(input: PlanInput): Promise<Plan> {
  const workloads = await Promise.all(
    WORKLOADS.filter((id) => input.settings.workloads.includes(id)).map(loadWorkload),
  );
  const visits: PlannedVisit[] = [];
  const inapplicable: Cell[] = [];
  for (const { source, facility } of input.facilities) {
    for (const participants of participantsOf(facility, input)) {
      const builder = new VisitBuilder(input, source, facility, participants);
      for (const workload of workloads) builder.add(workload);
      inapplicable.push(...builder.inapplicable);
      if (builder.cells.length > 0) visits.push(builder.visit());
    }
  }
  if (visits.length === 0) {
    const reason = inapplicable[0] && "reason" in inapplicable[0] ? inapplicable[0].reason : "";
    throw new InputError(
      `Cannot measure anything: no cell fits the given facilities, workloads, sizes and placements` +
        (reason && ` (${inapplicable[0]!.facility}: ${reason})`),
    );
  }
  return { visits: [await controlVisit(input), ...visits], inapplicable };
}

/** Between what a facility is measured: what the user named, else what it is made for. */
function participantsOf(facility: Facility, { named, settings }: PlanInput): Participants[] {
  return named.participants ? settings.participants : [facility.usualParticipants ?? "process"];
}

/** Collects the cells of one facility and the setups that they share. */
class VisitBuilder {
  readonly cells: PlannedCell[] = [];
  readonly inapplicable: Cell[] = [];
  readonly #setups = new Map<string, Setup>();

  constructor(
    readonly input: PlanInput,
    readonly source: string,
    readonly facility: Facility,
    readonly participants: Participants,
  ) {}

  visit(): PlannedVisit {
    const setups = [...this.#setups.values()];
    return {
      facility: this.source,
      participants: this.participants,
      count: Math.max(...this.cells.map(({ task }) => task.count)),
      setups,
      cells: this.cells,
    };
  }

  add(workload: Workload): void {
    const needs = workload.needs!;
    const offer = this.facility[needs];
    if (!offer) return;
    const variants = offer.variants ?? this.facility.variants?.map(({ id }) => id) ?? [undefined];
    for (const [index, variant] of variants.entries()) {
      for (const size of this.#sizesOf(workload, index > 0)) {
        for (const wait of this.#waitsOf(needs, size)) {
          for (const placement of this.#placementsOf(workload)) {
            for (const count of workload.counts) {
              this.#addCell(workload, variant, size, wait, placement, count);
            }
          }
        }
      }
    }
  }

  #sizesOf(workload: Workload, isVariant: boolean): readonly number[] {
    if (!workload.sized) return [0];
    const { settings, named, profile } = this.input;
    if (named.sizes || !isVariant) return settings.sizes;
    return settings.sizes.filter((size) => profile.variantSizes.includes(size));
  }

  #waitsOf(needs: Capability, size: number): readonly (string | undefined)[] {
    if (needs !== "channel" || !this.facility.region) return [undefined];
    const { settings, named, profile } = this.input;
    if (named.waits) return settings.waits;
    if (profile.matrixSizes.includes(size)) return STRATEGIES.map(({ id }) => id);
    return profile.waits;
  }

  #placementsOf(workload: Workload): readonly Placement[] {
    // Alone, a participant is where it is: one CPU stands for all.
    if (workload.counts.every((count) => count === 1)) return this.input.placements.slice(0, 1);
    return this.input.placements;
  }

  #addCell(
    workload: Workload,
    variant: string | undefined,
    size: number,
    wait: string | undefined,
    placement: Placement,
    count: number,
  ): void {
    const { settings } = this.input;
    const dimensions = dimensionsOf(workload, {
      facility: this.facility.id,
      variant,
      sizeBytes: workload.sized ? size : undefined,
      placement: placement.class,
      participants: this.participants,
      count,
      wait,
      awake: settings.awake,
    });
    const reason = this.#obstacle(workload, variant, size, wait, placement);
    if (reason !== null) {
      this.inapplicable.push({ ...dimensions, status: "not-applicable", reason, warnings: [] });
      return;
    }
    this.cells.push({
      dimensions,
      workload,
      remark: this.facility.remark?.(this.participants),
      task: {
        id: dimensions.id,
        setup: this.#setup(workload, variant, size, wait, count),
        workload: workload.id,
        length: size,
        count,
        ...cpusOf(placement, count, this.input.topology),
      },
    });
  }

  /** Why a cell cannot be measured here; null when nothing speaks against it. */
  #obstacle(
    workload: Workload,
    variant: string | undefined,
    size: number,
    wait: string | undefined,
    placement: Placement,
  ): string | null {
    const unsuited = this.facility.inapplicable?.(this.participants);
    if (unsuited) return unsuited;
    const limit = workload.sized && this.facility.channel?.largestMessage?.(variant);
    if (limit && size > limit.value) {
      return `${size} bytes exceed ${limit.name} = ${limit.value} (${limit.source})` +
        (limit.raise ? `; raise it with: ${limit.raise}` : "");
    }
    const spins = wait === "spin" ||
      this.facility.variants?.find(({ id }) => id === variant)?.spins;
    const forOthers = spins && workload.counts.some((count) => count > 1);
    if (placement.class === "same-cpu" && (forOthers || workload.needsTwoCpus)) {
      return "spinning on the CPU that the peer needs measures the scheduler's time slice";
    }
    return null;
  }

  /** The index of the setup that such a cell uses; larger messages widen it. */
  #setup(
    workload: Workload,
    variant: string | undefined,
    size: number,
    wait: string | undefined,
    count: number,
  ): number {
    const capability = workload.needs!;
    // Alone, a participant takes both ends; so the link is not one that others attach to.
    const shared = count === 1 ? "solo" : "shared";
    const key = [capability, variant, wait, shared].join("/");
    const known = this.#setups.get(key);
    this.#setups.set(key, {
      capability,
      ...(variant && { variant }),
      ...(wait && { wait }),
      maxBytes: Math.max(known?.maxBytes ?? 1, size),
      count: Math.max(known?.count ?? 1, count),
    });
    return [...this.#setups.keys()].indexOf(key);
  }
}

/** The control rows: what the machine does without any IPC, on the CPU of the first placement. */
async function controlVisit(input: PlanInput): Promise<PlannedVisit> {
  const placement = input.placements[0]!;
  const cells: PlannedCell[] = [];
  for (const id of CONTROL_ROWS) {
    const workload = await loadWorkload(id);
    for (const size of workload.sized ? input.settings.sizes : [0]) {
      const dimensions = dimensionsOf(workload, {
        facility: "control",
        sizeBytes: workload.sized ? size : undefined,
        placement: placement.class,
        participants: "process",
        count: 1,
        awake: input.settings.awake,
        control: true,
      });
      const task = {
        id: dimensions.id,
        setup: -1,
        workload: id,
        length: size,
        count: 1,
        ...cpusOf(placement, 1, input.topology),
      };
      cells.push({ dimensions, workload, task });
    }
  }
  return { facility: null, participants: "process", count: 1, setups: [], cells };
}

/** Where a cell's participants run, and where everything else of their processes does. */
function cpusOf(placement: Placement, count: number, topology: Topology) {
  if (placement.class === "unpinned") {
    return {
      cpus: [],
      otherCpus: topology.map(({ cpu }) => cpu),
    };
  }
  const cpus = cpusFor(placement, count);
  return { cpus, otherCpus: otherCpus(topology, cpus) };
}

function dimensionsOf(
  workload: Workload,
  given: Omit<Dimensions, "id" | "workload" | "unit" | "better">,
): Dimensions {
  const { facility, variant, sizeBytes, placement, participants, count, wait, awake } = given;
  const id = [
    workload.id,
    variant ? `${facility}:${variant}` : facility,
    ...(sizeBytes === undefined ? [] : [sizeBytes]),
    placement,
    participants,
    count,
    ...(wait ? [wait] : []),
    ...(awake ? ["awake"] : []),
  ].join("/");
  const present = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as typeof given;
  return { id, ...present, workload: workload.id, unit: workload.unit, better: workload.better };
}
