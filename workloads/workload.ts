/**
 * What is done with a facility: one loop a role, and the figure that comes of it.
 *
 * @module
 */
import type { Capabilities, Capability, Role } from "../facilities/facility.ts";

/** What a participant is asked to do in one go. */
export interface Task {
  /** Bytes a message; 0 where the workload has no size. */
  readonly length: number;
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
  /** Words that all participants of the trial share, zero when a task begins. */
  readonly shared: Int32Array;
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
  /** Messages that never came. */
  readonly lost?: number;
}

/** Nothing noted: the other participant keeps the time. */
export const NOTHING: Outcome = { start: 0, end: 0, operations: 0, stamps: 0, errors: 0 };

export interface Workload<C extends Capability = Capability> {
  readonly id: string;
  readonly title: string;
  /** What one operation is, in one sentence. */
  readonly summary: string;
  /** The capability it needs; null for a control row, which needs no facility. */
  readonly needs: C | null;
  /** `latency`: the median of single times; `rate`: operations over the whole time. */
  readonly figure: "latency" | "rate";
  readonly unit: "ns" | "bytes/s" | "ops/s";
  readonly better: "lower" | "higher";
  /** Whether the message size is one of its dimensions. */
  readonly sized: boolean;
  /** The numbers of participants it is measured with. */
  readonly counts: readonly number[];
  /** Whether a task is a number of operations or a time. */
  readonly pace: "count" | "duration";
  /** True where participants on one CPU would only wait for each other's time slice to end. */
  readonly needsTwoCpus?: boolean;
  /** Called by every participant before each task, while nothing is under way. */
  prepare?(capability: Capabilities[C], role: Role, task: Task): void;
  /**
   * Proves, before anything is timed, that the facility does its work.
   *
   * @throws {VerificationError}
   */
  verify?(capability: Capabilities[C], role: Role, task: Task): void;
  run(capability: Capabilities[C], role: Role, task: Task): Outcome;
}

/** A facility did not deliver what was put into it. */
export class VerificationError extends Error {
  override readonly name = "VerificationError";
}
