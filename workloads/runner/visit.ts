/**
 * A trial, seen from inside: a fresh set of participants visits one facility and measures its cells,
 * each once, in the order given.
 *
 * @module
 */
import type {
  Capabilities,
  Capability,
  Facility,
  Link,
  Participants,
  Role,
} from "../../facilities/facility.ts";
import { pin, pinOtherThreads } from "../../facilities/libc/sched.ts";
import { type Usage, usage } from "../../facilities/libc/sys_resource.ts";
import { now } from "../../facilities/libc/time.ts";
import { getppid, unshareDescriptors } from "../../facilities/libc/unistd.ts";
import { loadWorkload } from "../catalogue.ts";
import type { Outcome, Task, Workload } from "../workload.ts";
import type { Rendezvous } from "./rendezvous.ts";

/** One set of kernel objects of the facility; several cells may use it. */
export interface Setup {
  readonly capability: Capability;
  readonly variant?: string;
  readonly wait?: string;
  /** Largest message of its cells. */
  readonly maxBytes: number;
  /** How many participants attach. */
  readonly count: number;
}

/** One cell of a visit. */
export interface CellTask {
  /** The cell's id in the run document. */
  readonly id: string;
  /** Index of its setup; -1 for a control row. */
  readonly setup: number;
  readonly workload: string;
  readonly length: number;
  readonly count: number;
  /** CPU of each participant; empty: not pinned. */
  readonly cpus: readonly number[];
  /** CPUs for everything in the participants' processes that is not the measured thread. */
  readonly otherCpus: readonly number[];
  /** Time to measure for, nanoseconds. */
  readonly targetNs: number;
}

/** What every participant of a visit must know. Plain JSON. */
export interface Visit {
  /** The facility's id, or the URL of a module; null for control rows. */
  readonly facility: string | null;
  readonly participants: Participants;
  /** How many participants there are at most in a cell. */
  readonly count: number;
  readonly setups: readonly Setup[];
  readonly cells: readonly CellTask[];
  /** The folder that the trial's scope makes. */
  readonly folder: string;
  /** Second of CLOCK_MONOTONIC from which all count. */
  readonly baseSecond: number;
  /** Whether each result is given away at once, and the next cell waits until it has been taken. */
  readonly stepwise?: boolean;
}

/** What one participant works with. */
export interface Attached {
  readonly rank: number;
  readonly rendezvous: Rendezvous;
  /** One for each setup; null where it could not be created, or is not this participant's. */
  readonly capabilities: readonly (Capabilities[Capability] | null)[];
  /** The links of the setups; null where one could not be created. */
  readonly links: readonly (Link | null)[];
  /** Called by the initiator with each result, before the next cell. */
  readonly onResult?: (result: CellResult) => void;
}

/** What a trial says of one cell. */
export type CellResult =
  & { readonly id: string }
  & (
    | {
      readonly status: "measured";
      /** In the workload's unit. */
      readonly estimate: number;
      readonly operations: number;
      readonly seconds: number;
      readonly cpus: readonly number[];
      readonly batch: number;
      readonly controls: { clockNs: [number, number]; syscallNs: [number, number] };
      readonly used: Usage;
      readonly lost: number;
      /** Operations of each participant, where all of them count. */
      readonly shares: readonly number[];
      /** Nanoseconds an operation, one for each batch: a base64 Float32Array. */
      readonly samples: string;
    }
    | { readonly status: "failed"; readonly reason: string }
  );

/** Which end of the link a rank takes. */
export function roleOf(rank: number, count: number): Role {
  if (count === 1) return "solo";
  return rank === 0 ? "initiator" : "peer";
}

/** Operations of the first pilot. */
const FIRST_PILOT = 8;
/** A pilot is long enough to judge by when it takes this long, nanoseconds. */
const PILOT_NS = 0.8e6;
/** How long at least and at most a loop is warmed that has not run in this trial. */
const WARM_UP_NS = [8e6, 80e6] as const;
/** The same for a loop that has run in this trial, but with other kernel objects. */
const WARM_AGAIN_NS = [2e6, 20e6] as const;
/** The same for a loop that has run with the same objects: one pilot that is long enough. */
const WARM_NS = [0, 0] as const;
/** A pilot below this share of the fastest before it shows that the code still gets faster. */
const STILL_FASTER = 0.93;
const MOST_LEAD = 16;
const MOST_STAMPS = 1 << 18;
/** Operations shorter than this are timed in batches that are longer. */
const SHORTEST_TIMED_NS = 2_000;
const CONTROL_LOOPS = 200;

const allStamps = new Float64Array(MOST_STAMPS + 1);

/** Measures all cells of a visit; the initiator's return value has the results. */
export async function measureCells(visit: Visit, attached: Attached): Promise<CellResult[]> {
  const { rank, rendezvous } = attached;
  const results: CellResult[] = [];
  const warm = new Set<string>();
  const workloads = new Map<string, Workload>();
  for (const { workload } of visit.cells) workloads.set(workload, await loadWorkload(workload));
  // A process would have one thread, were it not for the runtime. Nothing is loaded from here on.
  if (visit.participants === "process") unshareDescriptors();
  for (const cell of visit.cells) {
    if (attached.links[cell.setup] === null) continue;
    const workload = workloads.get(cell.workload)!;
    if (rank < cell.count) {
      settleOn(cell, rank, visit.participants);
      const member = new Member(visit, cell, workload, attached);
      if (rank === 0) {
        const result = member.lead(warm);
        results.push(result);
        attached.onResult?.(result);
      } else member.follow();
    }
    rendezvous.meet("all", visit.count);
  }
  return results;
}

let settled: number | undefined;
let others = "";

/** Pins this thread, and moves the other threads of the process out of its way. */
function settleOn(cell: CellTask, rank: number, participants: Participants): void {
  const cpu = cell.cpus[rank];
  if (cpu === undefined) {
    if (settled !== undefined) pin(cell.otherCpus);
    settled = undefined;
    return;
  }
  if (participants === "process" && others !== cell.otherCpus.join()) {
    others = cell.otherCpus.join();
    pinOtherThreads(cell.otherCpus);
  }
  if (cpu !== settled) {
    pin([cpu]);
    settled = cpu;
  }
}

/** One participant in one cell. */
class Member {
  readonly #cell: CellTask;
  readonly #workload: Workload;
  // Which capability it is was decided by the plan.
  // deno-lint-ignore no-explicit-any
  readonly #capability: any;
  readonly #rendezvous: Rendezvous;
  readonly #rank: number;
  readonly #role: Role;
  readonly #usageOf: Participants;

  constructor(
    visit: Visit,
    cell: CellTask,
    workload: Workload,
    { rank, rendezvous, capabilities }: Attached,
  ) {
    this.#cell = cell;
    this.#workload = workload;
    this.#capability = capabilities[cell.setup];
    this.#rendezvous = rendezvous;
    this.#rank = rank;
    this.#role = roleOf(rank, cell.count);
    this.#usageOf = visit.participants;
  }

  /** The initiator's part: verify, find out how much is enough, warm up, measure. */
  lead(warm: Set<string>): CellResult {
    const { id, targetNs, cpus, length, count } = this.#cell;
    if (this.#workload.verify) this.#order("verify", 1, 1);

    if (warm.size === 0) warmControls();
    const mean = this.#warmUp(warm);
    const batch = mean >= SHORTEST_TIMED_NS ? 1 : Math.ceil(SHORTEST_TIMED_NS / mean);
    const batches = Math.min(MOST_STAMPS, Math.max(4, Math.ceil(targetNs / mean / batch)));

    const before = measureControls();
    const outcomes = this.#order("run", batches * batch, batch);
    const after = measureControls();
    this.#order("done", 0, 1);

    const errors = outcomes.reduce((sum, { outcome }) => sum + outcome.errors, 0);
    const done = outcomes.reduce((sum, { outcome }) => sum + outcome.operations, 0);
    if (errors > 0) {
      return { id, status: "failed", reason: `${errors} of ${done} operations went wrong` };
    }
    const start = Math.min(...outcomes.map(({ outcome }) => outcome.start || Infinity));
    const end = Math.max(...outcomes.map(({ outcome }) => outcome.end));
    const samples = durations(outcomes[0]!.outcome.stamps, batch);
    const seconds = (end - start) / 1e9;
    const perOperation = this.#workload.unit === "bytes/s" ? length : 1;
    return {
      id,
      status: "measured",
      estimate: this.#workload.figure === "latency"
        ? median(samples)
        : done * perOperation / seconds,
      operations: done,
      seconds,
      cpus: cpus.length > 0 ? cpus.slice(0, count) : Array(count).fill(-1),
      batch,
      controls: {
        clockNs: [before.clockNs, after.clockNs],
        syscallNs: [before.syscallNs, after.syscallNs],
      },
      used: sumUsage(outcomes.map(({ used }) => used)),
      lost: outcomes.reduce((sum, { outcome }) => sum + (outcome.lost ?? 0), 0),
      shares: outcomes.map(({ outcome }) => outcome.operations),
      samples: base64(new Uint8Array(new Float32Array(samples).buffer)),
    };
  }

  /**
   * Runs pilots until they are long enough to judge by, the code is warm, and they get no faster any
   * more; returns what an operation takes, nanoseconds.
   */
  #warmUp(warm: Set<string>): number {
    const { id } = this.#workload;
    const kind = `${id}/${this.#cell.setup}`;
    const [least, most] = warm.has(kind) ? WARM_NS : warm.has(id) ? WARM_AGAIN_NS : WARM_UP_NS;
    warm.add(id).add(kind);

    let operations = FIRST_PILOT;
    let best = Infinity;
    let settled = 0;
    for (let spent = 0;;) {
      const elapsed = this.#timeOf(operations);
      const mean = elapsed / operations;
      spent += elapsed;
      settled = mean < best * STILL_FASTER ? 0 : settled + 1;
      best = Math.min(best, mean);
      if (elapsed >= PILOT_NS && spent >= least && (settled >= 2 || spent >= most)) return best;
      if (elapsed < PILOT_NS) operations = Math.ceil(operations * growth(elapsed));
    }
  }

  /** A peer's part: does as ordered until the cell is done. */
  follow(): void {
    while (this.#obey(1));
  }

  /** How long that many operations take, with no clock reading between them. */
  #timeOf(operations: number): number {
    const outcomes = this.#order("run", operations, operations);
    const start = Math.min(...outcomes.map(({ outcome }) => outcome.start || Infinity));
    return Math.max(1, Math.max(...outcomes.map(({ outcome }) => outcome.end)) - start);
  }

  /** Gives an order, does it together with the peers, and returns what all report. */
  #order(kind: "verify" | "run" | "done", count: number, batch: number) {
    const paced = this.#workload.pace === "duration";
    this.#rendezvous.order = {
      kind,
      count,
      lead: Math.min(MOST_LEAD, count >> 4),
      // A pilot of a workload that runs for a time needs no more than the pilot's time.
      durationNs: paced ? Math.min(this.#cell.targetNs, count * 200_000) : 0,
    };
    this.#obey(batch);
    const reports = [];
    for (let rank = 0; rank < this.#cell.count; rank++) {
      reports.push(this.#rendezvous.reportOf(rank));
    }
    return reports;
  }

  /** Does what is ordered; false when the cell is done. */
  #obey(batch: number): boolean {
    const rendezvous = this.#rendezvous;
    const parties = this.#cell.count;
    rendezvous.meet("active", parties);
    const { kind, count, lead, durationNs } = rendezvous.order;
    if (kind === "done") return false;
    const task: Task = {
      length: this.#cell.length,
      count,
      lead,
      batch,
      durationNs,
      rank: this.#rank,
      of: parties,
      shared: rendezvous.shared,
      stamps: allStamps,
    };
    this.#workload.prepare?.(this.#capability, this.#role, task);
    rendezvous.meet("active", parties);
    if (kind === "verify") {
      this.#workload.verify!(this.#capability, this.#role, task);
    } else {
      const before = usage(this.#usageOf);
      const outcome: Outcome = this.#workload.run(this.#capability, this.#role, task);
      const after = usage(this.#usageOf);
      rendezvous.report(this.#rank, outcome, difference(before, after));
    }
    rendezvous.meet("active", parties);
    return true;
  }
}

/** By how much more a pilot has to do next time, when it took `elapsed` nanoseconds. */
function growth(elapsed: number): number {
  return Math.min(32, Math.max(1.5, 1.2 * PILOT_NS / elapsed));
}

/** Nanoseconds an operation of each batch, from the clock readings. */
function durations(stamps: number, batch: number): Float64Array {
  const result = new Float64Array(Math.max(0, stamps - 1));
  for (let at = 0; at < result.length; at++) {
    result[at] = (allStamps[at + 1]! - allStamps[at]!) / batch;
  }
  return result;
}

function median(samples: Float64Array): number {
  const sorted = samples.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** What a clock reading and a null system call cost just now. */
function measureControls(): { clockNs: number; syscallNs: number } {
  const start = now();
  for (let turn = 0; turn < CONTROL_LOOPS; turn++) now();
  const middle = now();
  for (let turn = 0; turn < CONTROL_LOOPS; turn++) getppid();
  const end = now();
  return { clockNs: (middle - start) / CONTROL_LOOPS, syscallNs: (end - middle) / CONTROL_LOOPS };
}

/** Runs the controls until their code is optimised. */
function warmControls(): void {
  for (let turn = 0; turn < 6; turn++) measureControls();
}

function difference(before: Usage, after: Usage): Usage {
  return {
    cpuNs: after.cpuNs - before.cpuNs,
    minorFaults: after.minorFaults - before.minorFaults,
    voluntarySwitches: after.voluntarySwitches - before.voluntarySwitches,
    involuntarySwitches: after.involuntarySwitches - before.involuntarySwitches,
  };
}

function sumUsage(all: Usage[]): Usage {
  const total = { cpuNs: 0, minorFaults: 0, voluntarySwitches: 0, involuntarySwitches: 0 };
  for (const each of all) {
    total.cpuNs += each.cpuNs;
    total.minorFaults += each.minorFaults;
    total.voluntarySwitches += each.voluntarySwitches;
    total.involuntarySwitches += each.involuntarySwitches;
  }
  return total;
}

function base64(bytes: Uint8Array<ArrayBuffer>): string {
  return bytes.toBase64();
}

/** Attaches to all links of a visit, in the same order in every participant. */
export async function attachAll(
  facility: Facility | null,
  visit: Visit,
  links: readonly (Link | null)[],
  rank: number,
): Promise<(Capabilities[Capability] | null)[]> {
  const capabilities: (Capabilities[Capability] | null)[] = [];
  for (const [index, setup] of visit.setups.entries()) {
    const link = links[index];
    if (!link || rank >= setup.count) capabilities.push(null);
    else {
      const offer = facility![setup.capability]!;
      capabilities.push(await offer.attach(link, roleOf(rank, setup.count)));
    }
  }
  return capabilities;
}
