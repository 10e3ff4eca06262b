/**
 * What is done with a facility: one loop a role, and the figure that comes of it.
 *
 * @module
 */
import type { Capabilities, Created, Facility, Link, Role } from "../facilities/facility.ts";

/** Dimensions of a cell beside those that every cell has, such as `{ gapNs: 1000 }`. */
export type Parameters = Readonly<Record<string, number | string>>;

/** What a participant is asked to do in one go. */
export interface Task {
  /** Bytes a message; 0 where the workload has no size. */
  readonly length: number;
  /**
   * The same as C functions take it. A loop that made it itself would make it anew for every call: the
   * compiler keeps the number and forgets the bigint, 40 bytes and 30 ns each time.
   */
  readonly size: bigint;
  /** Operations whose time is taken. */
  readonly count: number;
  /** Operations before the clock starts, so that all participants are under way. */
  readonly lead: number;
  /** Operations between two clock readings. */
  readonly batch: number;
  /** For workloads that run for a time instead of a count: that time in nanoseconds. */
  readonly durationNs: number;
  /** Number of the participant, and how many there are. */
  readonly rank: number;
  readonly of: number;
  /** True where each of them has a CPU of its own. */
  readonly apart: boolean;
  readonly parameters: Parameters;
  /** True while the loop is only being warmed. */
  readonly pilot: boolean;
  /** Words that all participants of the trial share, zero when a task begins. */
  readonly shared: Int32Array;
  /** As many doubles as `stamps` has, shared by all participants; never cleared. */
  readonly ledger: Float64Array;
  /** Where a loop notes clock readings; has room for `count / batch + 1`. */
  readonly stamps: Float64Array;
}

/** What a participant did. Times are nanoseconds of the trial's common clock. */
export interface Outcome {
  readonly start: number;
  readonly end: number;
  /** Operations between start and end. */
  readonly operations: number;
  /** Clock readings noted in the task's `stamps`. */
  readonly stamps: number;
  /** Messages that were not what was sent. */
  readonly errors: number;
  /**
   * Messages that never came; where only all participants together can tell, what each sent less
   * what each received.
   */
  readonly lost?: number;
  /** What this participant got done, where it matters that all get as much. */
  readonly share?: number;
  /** What a workload of figure `amount` found, in its unit, and what the kernel declares of it. */
  readonly amount?: number;
  readonly declared?: number;
  /** By how many bytes the participant's heap grew, where that was asked for. */
  readonly heapGrowth?: number;
}

/** Nothing noted: the other participant keeps the time. */
export const NOTHING: Outcome = { start: 0, end: 0, operations: 0, stamps: 0, errors: 0 };

/** What a loop did that noted `noted` clock readings, the last of them at its end. */
export function timed({ count, stamps }: Task, noted: number): Outcome {
  return {
    start: stamps[0]!,
    end: stamps[noted - 1]!,
    operations: count,
    stamps: noted,
    errors: 0,
  };
}

/** An offer itself, for workloads that make and remove links. */
export interface Offered {
  create(): Created | Promise<Created>;
  /** Takes both ends. */
  attach(link: Link): Disposable | readonly Disposable[] | Promise<Disposable>;
}

/** What a workload can work with. */
export interface Works extends Capabilities {
  offer: Offered;
}

export type Work = keyof Works;

/** One number of participants, and the further dimensions, that a workload is measured with. */
export interface Point {
  readonly count: number;
  readonly parameters?: Parameters;
  /** The CPU of each participant, where the workload chooses it. */
  readonly cpus?: readonly number[];
}

/** What a workload chooses its points by. */
export interface Room {
  readonly facility: Facility;
  /** CPUs this run may use. */
  readonly cpus: readonly number[];
}

/** A cell that a workload may object to. */
export interface Candidate {
  readonly facility: Facility;
  readonly variant: string | undefined;
  readonly length: number;
  readonly point: Point;
}

/** Whether a message came: the latency of one that was lost is not a number. */
export function arrived(nanoseconds: number): boolean {
  return !Number.isNaN(nanoseconds);
}

/** How long a latency that was counted from where it should is, and how long from where it was. */
export interface Collected {
  /** Nanoseconds an operation; negative where an arrival lies before its sending. */
  readonly samples: Float64Array;
  /** From the actual start of each operation instead of the intended one. */
  readonly uncorrected?: Float64Array;
  readonly offeredPerSecond?: number;
  readonly achievedPerSecond?: number;
}

/** Does a task with a capability. */
export type Loop<W> = (capability: W, task: Task) => Outcome | Promise<Outcome>;

export interface Workload<C extends Work = Work> {
  readonly id: string;
  readonly title: string;
  /** What one operation is, in one sentence. */
  readonly summary: string;
  /** The capability it needs; null for a control row, which needs no facility. */
  readonly needs: C | null;
  /**
   * `latency`: the median of single times; `rate`: operations over the whole time; `amount`: what
   * the loop found, no time.
   */
  readonly figure: "latency" | "rate" | "amount";
  readonly unit: "ns" | "bytes/s" | "ops/s" | "bytes";
  readonly better: "lower" | "higher";
  /** Whether the message size is one of its dimensions. */
  readonly sized: boolean;
  /** The numbers of participants it is measured with. */
  readonly counts: readonly number[];
  /** Where it has further dimensions: all of its points, instead of `counts`. */
  points?(room: Room): readonly Point[];
  /** The sizes it is measured at unless others are named; absent: those of the profile. */
  readonly sizes?: readonly number[];
  /**
   * True where it says more of a facility that is known from the other workloads: the profile `quick`
   * leaves it out unless it is named.
   */
  readonly secondary?: boolean;
  /** Its waiting strategies over shared memory; absent: those of the profile. */
  readonly waits?: readonly string[];
  /** Why a cell makes no sense, or null. */
  obstacle?(candidate: Candidate): string | null;
  /** Why this endpoint cannot serve, where only the endpoint itself knows; or null. */
  unsuited?(capability: Works[C]): string | null;
  /** True where each pair of participants has a link of its own. */
  readonly pairwise?: boolean;
  /**
   * Whether a task is a number of operations, after those of its `lead`; a time; or as many
   * operations as the cell's time has room for at the pace of its `gapNs`.
   */
  readonly pace: "count" | "duration" | "schedule";
  /** Operations are timed one by one, however short they are. */
  readonly single?: boolean;
  /** The shortest time to measure for that makes sense, nanoseconds. */
  leastNs?(parameters: Parameters): number;
  /** Ranks whose CPU time is not counted where they have a CPU to spin on between operations. */
  readonly uncosted?: readonly number[];
  /** True where participants on one CPU would only wait for each other's time slice to end. */
  readonly needsTwoCpus?: boolean;
  /** Called by every participant before each task, while nothing is under way. */
  prepare?(capability: Works[C], role: Role, task: Task): void;
  /**
   * Proves, before anything is timed, that the facility does its work.
   *
   * @throws {VerificationError}
   */
  verify?(capability: Works[C], role: Role, task: Task): void;
  /** What a participant of that role does; it is compiled, and only it is timed. */
  loop(role: Role): Loop<Works[C]>;
  /**
   * Called in the initiator when all are done: the single times, where they are not the distances
   * between its `stamps`.
   */
  collect?(task: Task, outcome: Outcome): Collected;
}

/** A facility did not deliver what was put into it. */
export class VerificationError extends Error {
  override readonly name = "VerificationError";
}
