/**
 * One participant in one cell: verifies, trains, finds out how much is enough, measures.
 *
 * @module
 */
import type { Participants, Role } from "../../facilities/facility.ts";
import { pin } from "../../facilities/libc/sched.ts";
import { type Usage, usage } from "../../facilities/libc/sys_resource.ts";
import type { Loop, Outcome, Parameters, Task, Workload } from "../workload.ts";
import { compileOnNextCall, isCompiled } from "./compiled.ts";
import { MOST_STAMPS, type Order, type Rendezvous } from "./rendezvous.ts";
import {
  answerOther,
  callOther,
  compileExchange,
  measureControls,
  type Measured,
  warmControls,
} from "./trial_controls.ts";
import { batchOf, type Pilot, type PilotResult, TURN_NS, warmUp } from "./warm_up.ts";
import { type Attached, type CellResult, type CellTask, roleOf, type Visit } from "./visit.ts";

const MOST_LEAD = 16;
/** Stands for the exchange between CPUs among what is warm. */
const EXCHANGE = "exchange";

const allStamps = new Float64Array(MOST_STAMPS + 1);

/** One participant in one cell. */
export class Member {
  readonly #cell: CellTask;
  readonly #workload: Workload;
  // Which capability it is was decided by the plan.
  // deno-lint-ignore no-explicit-any
  readonly #capability: any;
  readonly #rendezvous: Rendezvous;
  readonly #rank: number;
  readonly #role: Role;
  readonly #usageOf: Participants;
  readonly #watchesHeap: boolean;
  readonly #parameters: Parameters;
  readonly #targetNs: number;
  readonly #lengths: readonly number[];
  readonly #apart: boolean;
  /** Whether the first two participants are on different CPUs. */
  readonly #across: boolean;
  /** What this participant does. */
  readonly #loop: Loop<unknown>;
  /** The functions that are compiled with it. */
  readonly #inner: readonly Loop<never>[];
  #spinNs = NaN;
  /** The last task that this participant did. */
  #task: Task | undefined;

  constructor(
    visit: Visit,
    cell: CellTask,
    workload: Workload,
    { rank, rendezvous, capabilities }: Attached,
  ) {
    const setup = cell.setups?.[rank] ?? cell.setup;
    this.#cell = cell;
    this.#workload = workload;
    this.#capability = capabilities[setup];
    this.#rendezvous = rendezvous;
    this.#rank = rank;
    this.#role = workload.pairwise ? roleOf(rank % 2, 2) : roleOf(rank, cell.count);
    this.#loop = workload.loop(this.#role) as Loop<unknown>;
    this.#inner = this.#capability?.inner ?? [];
    this.#usageOf = visit.participants;
    this.#watchesHeap = visit.watchesHeap ?? false;
    this.#parameters = cell.parameters ?? {};
    this.#targetNs = Math.max(cell.targetNs, workload.leastNs?.(this.#parameters) ?? 0);
    this.#lengths = visit.cells
      .filter((each) => each.workload === cell.workload && each.setup === cell.setup)
      .map(({ length }) => length);
    this.#apart = new Set(cell.cpus).size === cell.count;
    this.#across = cell.count > 1 && cell.cpus.length > 1 && cell.cpus[0] !== cell.cpus[1];
  }

  /** The initiator's part: verify, find out how much is enough, warm up, measure. */
  async lead(warm: Set<string>): Promise<CellResult> {
    const { id, cpus, length, count } = this.#cell;
    const workload = this.#workload;
    const unsuited = workload.unsuited?.(this.#capability);
    if (unsuited) {
      await this.#order({ kind: "done" });
      return { id, status: "not-applicable", reason: unsuited };
    }
    if (workload.verify) await this.#order({ kind: "verify" });

    if (warm.size === 0) warmControls();
    if (this.#across && !warm.has(EXCHANGE)) {
      warm.add(EXCHANGE);
      await this.#order({ kind: "control" });
    }
    const mean = workload.figure === "amount" ? Infinity : await this.#warmUp(warm);
    const { batch, operations } = this.#extent(mean);

    const before = await this.#controls();
    // What finds an amount is not timed.
    const compile = workload.figure !== "amount";
    const outcomes = await this.#order({ kind: "run", count: operations, batch, compile });
    const after = await this.#controls();
    const outcome = outcomes[0]!.outcome;
    const collected = workload.collect?.(this.#task!, outcome);
    await this.#order({ kind: "done" });

    const samples = collected?.samples ?? durations(outcome.stamps, batch);
    const done = outcomes.reduce((sum, { outcome }) => sum + outcome.operations, 0);
    const wrong = wrongnessOf(outcomes.map(({ outcome }) => outcome), samples);
    if (wrong !== null) return { id, status: "failed", reason: wrong };
    const start = Math.min(...outcomes.map(({ outcome }) => outcome.start || Infinity));
    const end = Math.max(...outcomes.map(({ outcome }) => outcome.end));
    const seconds = (end - start) / 1e9;
    const perOperation = workload.unit === "bytes/s" ? length : 1;
    const figures = {
      latency: () => median(samples),
      rate: () => done * perOperation / seconds,
      amount: () => outcome.amount!,
    };
    return {
      id,
      status: "measured",
      estimate: figures[workload.figure](),
      operations: done,
      startNs: start,
      seconds,
      cpus: cpus.length > 0 ? cpus.slice(0, count) : Array(count).fill(-1),
      batch,
      controls: {
        clockNs: [before.clockNs, after.clockNs],
        syscallNs: [before.syscallNs, after.syscallNs],
        ...(before.spinNs && after.spinNs && { spinNs: [before.spinNs, after.spinNs] }),
      },
      used: sumUsage(
        outcomes.filter((_, rank) => !(this.#apart && workload.uncosted?.includes(rank)))
          .map(({ used }) => used),
      ),
      compiled: !compile || outcomes.every(({ compiled }) => compiled),
      lost: outcomes.reduce((sum, { outcome }) => sum + (outcome.lost ?? 0), 0),
      shares: outcomes.flatMap(({ outcome: { share } }) => share === undefined ? [] : [share]),
      samples: base64(samples),
      ...(outcome.declared !== undefined && { declared: outcome.declared }),
      ...(outcome.heapGrowth !== undefined && {
        heapGrowth: outcomes.map(({ outcome }) => outcome.heapGrowth!),
      }),
      ...(collected?.uncorrected && { uncorrected: base64(collected.uncorrected) }),
      ...(collected?.offeredPerSecond && { offeredPerSecond: collected.offeredPerSecond }),
      ...(collected?.achievedPerSecond && { achievedPerSecond: collected.achievedPerSecond }),
    };
  }

  /** What an operation takes once all is warm, nanoseconds. */
  #warmUp(warm: Set<string>): Promise<number> {
    const kind = `${this.#workload.id}/${this.#cell.setup}`;
    const known = warm.has(kind);
    warm.add(kind);
    const subject = {
      workload: this.#workload,
      length: this.#cell.length,
      lengths: this.#lengths,
      known,
      gapNs: Number(this.#parameters.gapNs),
    };
    return warmUp(subject, (pilot) => this.#pilot(pilot));
  }

  /** How many operations are timed, and how many between two clock readings. */
  #extent(mean: number): { batch: number; operations: number } {
    const { figure, pace, single } = this.#workload;
    if (figure === "amount") return { batch: 1, operations: 1 };
    if (pace === "schedule") {
      const fitting = Math.ceil(this.#targetNs / Number(this.#parameters.gapNs));
      return { batch: 1, operations: Math.min(MOST_STAMPS, fitting) };
    }
    const batch = single ? 1 : batchOf(mean);
    const batches = Math.min(MOST_STAMPS, Math.max(4, Math.ceil(this.#targetNs / mean / batch)));
    return { batch, operations: batches * batch };
  }

  /**
   * Where participants share a CPU, takes all but the first of them to others until disposed: compiling
   * on one CPU would last for all of them together.
   */
  #moveApart(): Disposable | null {
    const { cpus, otherCpus } = this.#cell;
    const home = cpus[this.#rank];
    const before = cpus.slice(0, this.#rank).filter((cpu) => cpu === home).length;
    const free = otherCpus.filter((cpu) => !cpus.includes(cpu));
    if (home === undefined || before === 0 || free.length === 0) return null;
    pin([free[(before - 1) % free.length]!]);
    return { [Symbol.dispose]: () => pin([home]) };
  }

  /** What the machine does just now, on the CPUs of this cell. */
  async #controls(): Promise<Measured> {
    const measured = measureControls();
    if (!this.#across) return measured;
    await this.#order({ kind: "control" });
    return { ...measured, spinNs: this.#spinNs };
  }

  /** A peer's part: does as ordered until the cell is done. */
  async follow(): Promise<void> {
    while (await this.#obey());
  }

  async #pilot(
    { operations, batch = 1, length, compile, paced = false }: Pilot,
  ): Promise<PilotResult> {
    const outcomes = await this.#order({
      kind: "run",
      count: operations,
      batch: Math.max(batch, Math.ceil(operations / MOST_STAMPS)),
      length,
      pilot: !paced,
      compile,
    });
    const start = Math.min(...outcomes.map(({ outcome }) => outcome.start || Infinity));
    const elapsed = Math.max(1, Math.max(...outcomes.map(({ outcome }) => outcome.end)) - start);
    const holds = outcomes.every(({ compiled }) => compiled);
    return { elapsed, mean: elapsed / operations, holds };
  }

  /** Gives an order, does it together with the peers, and returns what all report. */
  async #order(
    { kind, count = 1, batch = 1, length = this.#cell.length, pilot = false, compile = false }:
      & Pick<Order, "kind">
      & Partial<Order>,
  ) {
    const timed = this.#workload.pace === "duration";
    this.#rendezvous.order = {
      kind,
      count,
      batch,
      pilot,
      compile,
      lead: this.#workload.pace === "count" ? Math.min(MOST_LEAD, count >> 4) : 0,
      length,
      durationNs: timed ? Math.min(this.#targetNs, count * TURN_NS) : 0,
    };
    await this.#obey();
    const reports = [];
    for (let rank = 0; rank < this.#cell.count; rank++) {
      reports.push(this.#rendezvous.reportOf(rank));
    }
    return reports;
  }

  /** Does what is ordered; false when the cell is done. */
  async #obey(): Promise<boolean> {
    const rendezvous = this.#rendezvous;
    const parties = this.#cell.count;
    rendezvous.meet("active", parties);
    const { kind, compile, ...order } = rendezvous.order;
    if (kind === "done") return false;
    if (kind === "control") {
      if (this.#rank === 0) this.#spinNs = callOther(rendezvous.exchange);
      if (this.#rank === 1) answerOther(rendezvous.exchange);
      compileExchange();
      rendezvous.meet("active", parties);
      return true;
    }
    const task: Task = this.#task = {
      ...order,
      size: BigInt(order.length),
      rank: this.#rank,
      of: parties,
      apart: this.#apart,
      parameters: this.#parameters,
      shared: rendezvous.shared,
      ledger: rendezvous.ledger,
      stamps: allStamps,
    };
    this.#workload.prepare?.(this.#capability, this.#role, task);
    rendezvous.meet("active", parties);
    if (kind === "verify") {
      this.#workload.verify!(this.#capability, this.#role, task);
    } else {
      const before = usage(this.#usageOf);
      const lostBefore = lostBy(this.#capability);
      const heapBefore = this.#watchesHeap ? Deno.memoryUsage().heapUsed : NaN;
      if (compile) compileOnNextCall(this.#loop, ...this.#inner);
      using _apart = task.count === 0 ? this.#moveApart() : null;
      const running = this.#loop(this.#capability, task);
      const ran: Outcome = running instanceof Promise ? await running : running;
      const heapGrowth = this.#watchesHeap ? Deno.memoryUsage().heapUsed - heapBefore : undefined;
      const lost = lostBy(this.#capability) - lostBefore;
      const outcome = withoutLost({ ...ran, heapGrowth }, lost);
      const after = usage(this.#usageOf);
      rendezvous.report(this.#rank, {
        outcome,
        used: usedBetween(before, after, task),
        compiled: isCompiled(this.#loop),
      });
    }
    rendezvous.meet("active", parties);
    return true;
  }
}

/** Why outcomes are no measurement, or null. */
function wrongnessOf(outcomes: readonly Outcome[], samples: Float64Array): string | null {
  const errors = outcomes.reduce((sum, outcome) => sum + outcome.errors, 0);
  const done = outcomes.reduce((sum, outcome) => sum + outcome.operations, 0);
  if (errors > 0) return `${errors} of ${done} operations went wrong`;
  const lost = outcomes.reduce((sum, outcome) => sum + (outcome.lost ?? 0), 0);
  if (lost < 0) return `${-lost} more messages were received than sent`;
  const early = samples.findIndex((each) => each < 0);
  if (early >= 0) return `message ${early} arrived ${-samples[early]!} ns before it was sent`;
  return null;
}

/** Messages that a channel has lost so far. */
function lostBy(capability: unknown): number {
  return (capability as { lost?: number } | null)?.lost ?? 0;
}

/** A lost message is not what was sent, but that is no error: it is counted. */
function withoutLost(outcome: Outcome, lost: number): Outcome {
  if (lost === 0) return outcome;
  return { ...outcome, lost: outcome.lost ?? lost, errors: outcome.errors - lost };
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

/** What the timed operations used; those of the lead, before the first clock reading, are alike. */
function usedBetween(before: Usage, after: Usage, { count, lead }: Task): Usage {
  const timed = count / (lead + count);
  return {
    cpuNs: (after.cpuNs - before.cpuNs) * timed,
    minorFaults: (after.minorFaults - before.minorFaults) * timed,
    voluntarySwitches: (after.voluntarySwitches - before.voluntarySwitches) * timed,
    involuntarySwitches: (after.involuntarySwitches - before.involuntarySwitches) * timed,
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

/** Single precision is enough: 4 ns at 50 ms. */
function base64(samples: Float64Array): string {
  return new Uint8Array(new Float32Array(samples).buffer).toBase64();
}
