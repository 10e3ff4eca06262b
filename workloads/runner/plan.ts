/**
 * The plan of a run: which cells there are, which of them cannot be measured here and why, and which
 * are visited together by one set of participants.
 *
 * @module
 */
import { STRATEGIES } from "../../facilities/communication/shared_memory/waiting.ts";
import type { Capability, Facility, Participants } from "../../facilities/facility.ts";
import { CONTROL_ROWS, loadWorkload, WORKLOADS } from "../catalogue.ts";
import type { Point, Workload } from "../workload.ts";
import type { Cell, FacilityTitles, Settings } from "./document.ts";
import { InputError } from "./errors.ts";
import { cpusFor, otherCpus, pairsOf, type Placement, relation } from "./placement.ts";
import type { Profile } from "./profile.ts";
import type { Topology } from "./topology.ts";
import type { CellTask, Setup } from "./visit.ts";

/** The region that stands for all where there is time for one, if it is measured. */
const MATRIX_REGION = "posix-shared-memory";

/** The dimensions of a cell as the run document has them. */
export type Dimensions = Omit<
  Extract<Cell, { status: "failed" }>,
  "status" | "reason" | "warnings"
>;

/** A cell that will be measured. */
export interface PlannedCell {
  readonly dimensions: Dimensions;
  readonly workload: Workload;
  /** Whether its facility may lose messages. */
  readonly lossy: boolean;
  /** The shortest time to measure it for that makes sense, milliseconds. */
  readonly leastMs: number;
  /** Without `targetNs`, which the schedule decides. */
  readonly task: Omit<CellTask, "targetNs">;
  /** What has to stand beside its figure. */
  readonly remark?: string | null;
}

/** One facility, visited by one set of participants a trial. */
export interface PlannedVisit {
  /** Id or module URL; null for the control rows. */
  readonly facility: string | null;
  /** What its facility is called. */
  readonly title?: string;
  readonly participants: Participants;
  readonly count: number;
  readonly setups: readonly Setup[];
  readonly cells: readonly PlannedCell[];
}

export interface Plan {
  /** What its facilities are called. */
  readonly facilities: readonly FacilityTitles[];
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
}

/** Whether the user named a list of the settings: then all combinations with it are meant. */
function isNamed({ named = [] }: Settings, list: NonNullable<Settings["named"]>[number]): boolean {
  return named.includes(list);
}

/**
 * Makes the plan.
 *
 * @throws {InputError} when no cell is left to measure
 */
export async function makePlan(input: PlanInput): Promise<Plan> {
  const { facilities, visits, inapplicable } = await planOfFacilities(input);
  if (visits.length === 0) {
    const reason = inapplicable[0] && "reason" in inapplicable[0] ? inapplicable[0].reason : "";
    throw new InputError(
      `Cannot measure anything: no cell fits the given facilities, workloads, sizes and placements` +
        (reason && ` (${inapplicable[0]!.facility}: ${reason})`),
    );
  }
  return { facilities, visits: [await controlVisit(input), ...visits], inapplicable };
}

/** The plan without the control rows; no visit at all where no cell is left to measure. */
export async function planOfFacilities(input: PlanInput): Promise<Plan> {
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
  const facilities = input.facilities.map(({ facility }) => titlesOf(facility));
  return { facilities, visits, inapplicable };
}

/** What a facility and its variants are called, as the run document has it. */
export function titlesOf({ id, title, variants }: Facility): FacilityTitles {
  if (variants === undefined) return { id, title };
  return { id, title, variants: variants.map(({ id, title = id }) => ({ id, title })) };
}

/** Between what a facility is measured: what the user named, else what it is made for. */
function participantsOf(facility: Facility, { settings }: PlanInput): Participants[] {
  return isNamed(settings, "participants")
    ? settings.participants
    : [facility.usualParticipants ?? "process"];
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
      title: this.facility.title,
      participants: this.participants,
      count: Math.max(...this.cells.map(({ task }) => task.count)),
      setups,
      cells: this.cells,
    };
  }

  add(workload: Workload): void {
    const capability = this.#capabilityFor(workload);
    if (capability === null) return;
    // With a minute for all, each has six trials only if what is secondary waits for more time.
    if (this.#leavesOut(workload)) return;
    const points = this.#pointsOf(workload);
    const before = { cells: this.cells.length, inapplicable: this.inapplicable.length };
    for (const [index, variant] of this.#variantsOf(capability).entries()) {
      for (const size of this.#sizesOf(workload, index > 0)) {
        for (const wait of this.#waitsOf(workload, capability, size)) {
          for (const placement of this.#placementsOf(points)) {
            for (const point of this.#pointsOnNodes(points, placement, index > 0)) {
              this.#addCell({ workload, capability, variant, size, wait, placement, point });
            }
          }
        }
      }
    }
    // What speaks against all cells alike is said once.
    const objections = this.inapplicable.slice(before.inapplicable);
    const reasons = new Set(objections.map((cell) => "reason" in cell ? cell.reason : ""));
    if (this.cells.length === before.cells && reasons.size === 1) {
      this.inapplicable.splice(before.inapplicable + 1);
    }
  }

  /** The capability whose offer a workload uses; null where the facility does not have it. */
  #capabilityFor({ needs }: Workload): Capability | null {
    const wanted: readonly Capability[] = needs === "offer"
      ? ["region", "channel", "notifier", "lock"]
      : [needs!];
    return wanted.find((each) => this.facility[each]) ?? null;
  }

  #leavesOut(workload: Workload): boolean {
    const { settings } = this.input;
    return workload.secondary === true && settings.profile === "quick" &&
      !isNamed(settings, "workloads");
  }

  #pointsOf(workload: Workload): readonly Point[] {
    return workload.points?.({
      facility: this.facility,
      cpus: this.input.topology.map(({ cpu }) => cpu),
    }) ?? workload.counts.map((count) => ({ count }));
  }

  /**
   * Where memory has nodes, a region lies on the first participant's; where there is time, on each of
   * the others too.
   */
  #pointsOnNodes(
    points: readonly Point[],
    placement: Placement,
    isVariant: boolean,
  ): readonly Point[] {
    const home = this.#homeNode(placement.cpus);
    if (home === undefined || isVariant || this.input.settings.profile === "quick") return points;
    const nodes = new Set(this.input.topology.map(({ node }) => node));
    nodes.delete(home);
    return points.flatMap((point) => [
      point,
      ...(point.cpus ? [] : [...nodes]).map((memoryNode) => ({
        ...point,
        parameters: { ...point.parameters, memoryNode },
      })),
    ]);
  }

  /** The node of the first participant; undefined where all memory is the same to all. */
  #homeNode([first]: readonly number[]): number | undefined {
    const { topology } = this.input;
    const several = topology.some(({ node }) => node !== topology[0]!.node);
    return this.facility.region && several
      ? topology.find(({ cpu }) => cpu === first)?.node
      : undefined;
  }

  #variantsOf(capability: Capability): readonly (string | undefined)[] {
    return this.facility[capability]!.variants ??
      this.facility.variants?.map(({ id }) => id) ?? [undefined];
  }

  #sizesOf(workload: Workload, isVariant: boolean): readonly number[] {
    if (!workload.sized) return [0];
    const { settings, profile } = this.input;
    if (isNamed(settings, "sizes")) return settings.sizes;
    if (workload.sizes) return workload.sizes;
    if (!isVariant) return settings.sizes;
    return settings.sizes.filter((size) => profile.variantSizes.includes(size));
  }

  #waitsOf(
    workload: Workload,
    capability: Capability,
    size: number,
  ): readonly (string | undefined)[] {
    if (capability !== "channel" || !this.facility.region) return [undefined];
    const { settings, profile } = this.input;
    if (workload.waits) return workload.waits;
    if (isNamed(settings, "waits")) return settings.waits;
    const compared = profile.matrixWorkloads.includes(workload.id) &&
      profile.matrixSizes.includes(size) && this.#hasMatrix();
    return compared ? STRATEGIES.map(({ id }) => id) : settings.waits;
  }

  /** Whether all strategies are compared over this region: how one waits is the same over all. */
  #hasMatrix(): boolean {
    const { profile, facilities } = this.input;
    if (profile.matrixRegions === "all") return true;
    const regions = facilities.filter(({ facility }) => facility.region);
    const one = regions.find(({ facility }) => facility.id === MATRIX_REGION) ?? regions[0];
    return one?.facility === this.facility;
  }

  #placementsOf(points: readonly Point[]): readonly Placement[] {
    const { placements } = this.input;
    // Alone, a participant is where it is, and so is one whose CPU was chosen: one class stands for
    // all.
    return points.every(({ count, cpus }) => count === 1 || cpus)
      ? placements.slice(0, 1)
      : placements;
  }

  #addCell(cell: Combination): void {
    const { settings, topology } = this.input;
    const { workload, variant, size, wait, placement, point } = cell;
    const where = cpusOf(cell, topology);
    const dimensions = dimensionsOf(workload, {
      facility: this.facility.id,
      variant,
      sizeBytes: workload.sized ? size : undefined,
      placement: point.cpus ? classOf(point.cpus, topology) : placement.class,
      participants: this.participants,
      count: point.count,
      wait,
      awake: settings.awake,
      parameters: point.parameters,
    });
    const reason = this.#obstacle(cell, where.cpus);
    if (reason !== null) {
      this.inapplicable.push({ ...dimensions, status: "not-applicable", reason, warnings: [] });
      return;
    }
    this.cells.push({
      dimensions,
      workload,
      remark: this.facility.remark?.(this.participants),
      lossy: this.facility.channel?.lossy ?? false,
      leastMs: (workload.leastNs?.(point.parameters ?? {}) ?? 0) / 1e6,
      task: {
        id: dimensions.id,
        ...this.#setupsFor(cell),
        workload: workload.id,
        length: size,
        count: point.count,
        ...(point.parameters && { parameters: point.parameters }),
        ...where,
      },
    });
  }

  /** Why a cell cannot be measured here; null when nothing speaks against it. */
  #obstacle(
    { workload, variant, size, wait, point }: Combination,
    cpus: readonly number[],
  ): string | null {
    const { facility } = this;
    const unsuited = facility.inapplicable?.(this.participants) ??
      workload.obstacle?.({ facility, variant, length: size, point });
    if (unsuited) return unsuited;
    const limit = workload.sized && facility.channel?.largestMessage?.(variant);
    if (limit && size > limit.value) {
      return `${size} bytes exceed ${limit.name} = ${limit.value} (${limit.source})` +
        (limit.raise ? `; raise it with: ${limit.raise}` : "");
    }
    const spins = wait === "spin" || facility.variants?.find(({ id }) => id === variant)?.spins;
    const apart = cpus.length > 0 ? new Set(cpus).size : this.input.topology.length;
    if (apart < point.count && (spins || workload.needsTwoCpus)) {
      return "spinning on the CPU that the peer needs measures the scheduler's time slice";
    }
    return null;
  }

  /** The setups that such a cell uses: one for all, or one for each pair of participants. */
  #setupsFor(cell: Combination): Pick<CellTask, "setup" | "setups"> {
    const { workload, point: { count } } = cell;
    if (!workload.pairwise || count === 2) {
      return { setup: this.#setup(cell, count === 1 ? "solo" : count === 2 ? "pair" : "many") };
    }
    const setups = Array.from({ length: count }, (_, rank) => {
      const first = rank - rank % 2;
      return first === 0
        ? this.#setup(cell, "pair", 2)
        : this.#setup(cell, `pair ${first}`, 2, [first, first + 1]);
    });
    return { setup: setups[0]!, setups };
  }

  /** The index of a setup; larger messages, and more participants, widen it. */
  #setup(
    { workload, capability, variant, size, wait, placement, point }: Combination,
    kind: string,
    count = point.count,
    ranks?: readonly number[],
  ): number {
    const offered = workload.needs === "offer";
    const capacity = point.parameters?.capacityBytes;
    const node = point.parameters?.memoryNode ?? this.#homeNode(point.cpus ?? placement.cpus);
    const key = [capability, offered, variant, wait, kind, capacity, node].join("/");
    const known = this.#setups.get(key);
    this.#setups.set(key, {
      capability,
      ...(offered && { offered }),
      ...(variant && { variant }),
      ...(wait && { wait }),
      ...(typeof capacity === "number" && { capacityBytes: capacity }),
      ...(typeof node === "number" && { memoryNode: node }),
      ...(ranks && { ranks }),
      maxBytes: Math.max(known?.maxBytes ?? 1, size),
      count: Math.max(known?.count ?? 1, count),
    });
    return [...this.#setups.keys()].indexOf(key);
  }
}

/** One combination of dimensions. */
interface Combination {
  readonly workload: Workload;
  readonly capability: Capability;
  readonly variant: string | undefined;
  readonly size: number;
  readonly wait: string | undefined;
  readonly placement: Placement;
  readonly point: Point;
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
        ...cpusOf({ workload, placement, point: { count: 1 } }, input.topology),
      };
      cells.push({ dimensions, workload, lossy: false, leastMs: 0, task });
    }
  }
  return { facility: null, participants: "process", count: 1, setups: [], cells };
}

/** Where a cell's participants run, and where everything else of their processes does. */
function cpusOf(
  { workload, placement, point }: Pick<Combination, "workload" | "placement" | "point">,
  topology: Topology,
) {
  if (!point.cpus && placement.class === "unpinned") {
    return {
      cpus: [],
      otherCpus: topology.map(({ cpu }) => cpu),
    };
  }
  const cpus = point.cpus ??
    (workload.pairwise
      ? cpusOfPairs(placement, point.count, topology)
      : cpusFor(placement, point.count));
  return { cpus, otherCpus: otherCpus(topology, cpus) };
}

/** Each pair on CPUs of its own, as far as they reach. */
function cpusOfPairs(placement: Placement, count: number, topology: Topology): number[] {
  const others = pairsOf(topology, placement.class)
    .filter((pair) => pair.join() !== placement.cpus.join());
  const pairs = [placement.cpus, ...others];
  return Array.from({ length: count }, (_, rank) => pairs[(rank >> 1) % pairs.length]![rank % 2]!);
}

function classOf(cpus: readonly number[], topology: Topology): string {
  const [first, second] = cpus.map((cpu) => topology.find((each) => each.cpu === cpu)!);
  return relation(first!, second ?? first!);
}

function dimensionsOf(
  workload: Workload,
  given: Omit<Dimensions, "id" | "workload" | "unit" | "better">,
): Dimensions {
  const { facility, variant, sizeBytes, placement, participants, count, wait, awake } = given;
  const parameters = Object.entries(given.parameters ?? {}).map(([name, value]) =>
    `${name}=${value}`
  );
  const id = [
    workload.id,
    variant ? `${facility}:${variant}` : facility,
    ...(sizeBytes === undefined ? [] : [sizeBytes]),
    placement,
    participants,
    count,
    ...(wait ? [wait] : []),
    ...parameters,
    ...(awake ? ["awake"] : []),
  ].join("/");
  const present = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as typeof given;
  return { id, ...present, workload: workload.id, unit: workload.unit, better: workload.better };
}
