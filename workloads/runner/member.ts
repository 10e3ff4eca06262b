/**
 * One participant in one cell: verifies, trains, finds out how much is enough, measures.
 *
 * @module
 */
import type { Participants, Role } from "../../facilities/facility.ts";
import { type Usage, usage } from "../../facilities/libc/sys_resource.ts";
import type { Outcome, Parameters, Task, Workload } from "../workload.ts";
import { MOST_STAMPS, type Order, type Rendezvous } from "./rendezvous.ts";
import {
  answerOther,
  callOther,
  measureControls,
  type Measured,
  warmControls,
} from "./trial_controls.ts";
import { type Attached, type CellResult, type CellTask, roleOf, type Visit } from "./visit.ts";

/** Operations of the first pilot, and of one with long messages, which take a millisecond each. */
const FIRST_PILOT = 8;
const FIRST_LONG_PILOT = 2;
/** From so many bytes on a message is long. */
const LONG = 1 << 18;
/** A pilot is long enough to judge by when it takes this long, nanoseconds. */
const PILOT_NS = 0.8e6;
/**
 * Runs of a loop before it is first measured with some kernel objects, in operations of the smallest
 * and of the largest message: what happens to large ones only has to be known when the code is
 * compiled, which a few hundred turns bring about and the next run does.
 */
const TRAINING = { small: [8, 100, 400, 400, 50], large: [1, 2, 0, 0, 0] } as const;
/** The same for a loop that was compiled with other objects. */
const TRAINING_AGAIN = { small: [8, 50, 350, 50], large: [1, 1, 0, 0] } as const;
/** Slow operations are done less often: what is one run here takes about so long, nanoseconds. */
const TRAINING_RUN_NS = 8e6;
/** How long at most pilots go on while they get faster; at least where turns cannot be counted. */
const WARM_UP_NS = { least: 8e6, most: 40e6 } as const;
/** A pilot below this share of the fastest before it shows that the code still gets faster. */
const STILL_FASTER = 0.93;
const MOST_LEAD = 16;
/** Operations shorter than this are timed in batches that are longer. */
const SHORTEST_TIMED_NS = 2_000;

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
    const mean = workload.figure === "amount" ? Infinity : await this.#warmUp(warm);
    const { batch, operations } = this.#extent(mean);

    const before = await this.#controls();
    const outcomes = await this.#order({ kind: "run", count: operations, batch });
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
   * Runs pilots until they are long enough to judge by, the code is warm, and they get no faster any
   * more; returns what an operation takes, nanoseconds. They read the clock as often as the timed run
   * will: a branch that they never took would be compiled anew while it is timed.
   */
  async #warmUp(warm: Set<string>): Promise<number> {
    const { id, pace } = this.#workload;
    const kind = `${id}/${this.#cell.setup}`;
    const counted = pace === "count";
    const known = warm.has(kind);
    const least = known || counted ? 0 : WARM_UP_NS.least;
    if (counted && !known) {
      await this.#train(warm.has(id) ? TRAINING_AGAIN : TRAINING);
    }
    warm.add(id).add(kind);

    let operations = this.#cell.length < LONG ? FIRST_PILOT : FIRST_LONG_PILOT;
    let best = Infinity;
    let settled = 0;
    for (let spent = 0;;) {
      const batch = this.#workload.single ? 1 : batchOf(best);
      const elapsed = await this.#timeOf(operations, batch);
      const mean = elapsed / operations;
      spent += elapsed;
      settled = mean < best * STILL_FASTER ? 0 : settled + 1;
      best = Math.min(best, mean);
      const settles = settled >= (known ? 1 : 2) || spent >= WARM_UP_NS.most;
      if (elapsed >= PILOT_NS && spent >= least && settles) return best;
      if (elapsed < PILOT_NS) operations = Math.ceil(operations * growth(elapsed));
    }
  }

  /** Lets the loop come to know all that it will meet in this trial, and be compiled for it. */
  async #train({ small, large }: typeof TRAINING | typeof TRAINING_AGAIN): Promise<void> {
    const batch = this.#workload.single ? 1 : 8;
    let mean = 0;
    for (const [run, all] of small.entries()) {
      // Cold code is no measure of how many there is time for, so that is asked again and again.
      for (let left: number = all, time = TRAINING_RUN_NS; left > 0 && time > 0;) {
        const count = Math.min(left, Math.max(FIRST_PILOT, Math.floor(time / mean)));
        const elapsed = await this.#timeOf(count, batch, Math.min(...this.#lengths));
        mean = elapsed / count;
        time -= elapsed;
        left -= count;
      }
      if (large[run]) await this.#timeOf(large[run], 1, Math.max(...this.#lengths));
    }
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

  /** How long that many operations take, the clock readings between the batches included. */
  async #timeOf(operations: number, batch: number, length?: number): Promise<number> {
    const outcomes = await this.#order({
      kind: "run",
      count: operations,
      batch: Math.max(batch, Math.ceil(operations / MOST_STAMPS)),
      length,
      pilot: true,
    });
    const start = Math.min(...outcomes.map(({ outcome }) => outcome.start || Infinity));
    return Math.max(1, Math.max(...outcomes.map(({ outcome }) => outcome.end)) - start);
  }

  /** Gives an order, does it together with the peers, and returns what all report. */
  async #order(
    { kind, count = 1, batch = 1, length = this.#cell.length, pilot = false }:
      & Pick<Order, "kind">
      & Partial<Order>,
  ) {
    const timed = this.#workload.pace === "duration";
    this.#rendezvous.order = {
      kind,
      count,
      batch,
      pilot,
      lead: this.#workload.pace === "count" ? Math.min(MOST_LEAD, count >> 4) : 0,
      length,
      // A pilot of a workload that runs for a time needs no more than the pilot's time.
      durationNs: timed ? Math.min(this.#targetNs, count * 200_000) : 0,
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
    const { kind, ...order } = rendezvous.order;
    if (kind === "done") return false;
    if (kind === "control") {
      if (this.#rank === 0) this.#spinNs = callOther(rendezvous.exchange);
      if (this.#rank === 1) answerOther(rendezvous.exchange);
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
      const running = this.#workload.run(this.#capability, this.#role, task);
      const ran: Outcome = running instanceof Promise ? await running : running;
      const heapGrowth = this.#watchesHeap ? Deno.memoryUsage().heapUsed - heapBefore : undefined;
      const lost = lostBy(this.#capability) - lostBefore;
      const outcome = withoutLost({ ...ran, heapGrowth }, lost);
      const after = usage(this.#usageOf);
      rendezvous.report(this.#rank, outcome, usedBetween(before, after, task));
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

/** Operations between two clock readings, when one takes `mean` nanoseconds. */
function batchOf(mean: number): number {
  return Math.max(1, Math.ceil(SHORTEST_TIMED_NS / mean));
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
