/**
 * The fidelity document: the suite against native code, cell by cell, version 1.
 *
 * A ratio is the suite's time over the native time for the same work, so that above 1 the suite is
 * slower, whatever the cell's unit. Times are nanoseconds an operation.
 *
 * @module
 */
import * as v from "valibot";
import { HostSchema } from "./document.ts";

/** Identifies the format and its version. */
export const FIDELITY_SCHEMA_ID = "ipc-taxonomy/fidelity/1";

const Text = v.string();
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Finite = v.pipe(v.number(), v.finite());
const Interval = v.tuple([Finite, Finite]);

/** What a kind of cell is held to. */
export const GoalSchema = v.variant("kind", [
  /** The ratio is at most `most`. */
  v.object({ kind: v.literal("ratio"), most: Finite }),
  /** A call takes at most `most` nanoseconds more than the native one. */
  v.object({ kind: v.literal("extra-ns-per-call"), most: Finite }),
]);

const common = {
  id: Text,
  group: v.picklist(["blocking", "throughput", "uncontended", "spin"]),
  facility: Text,
  workload: Text,
  sizeBytes: v.optional(Count),
  placement: Text,
  wait: v.optional(Text),
};

export const FidelityCellSchema = v.variant("status", [
  v.object({
    ...common,
    status: v.literal("measured"),
    /** Nanoseconds an operation, medians over all rounds. */
    suiteNs: Finite,
    nativeNs: Finite,
    /** Median over the launches of each launch's median over its ABBA rounds. */
    ratio: Finite,
    ratioCi95: Interval,
    /** Nanoseconds a call (acquire, release, post or wait) more than natively. */
    extraNsPerCall: v.optional(Finite),
    extraNsPerCallCi95: v.optional(Interval),
    ciMethod: v.picklist(["order-statistics", "bootstrap", "none"]),
    launches: Count,
    rounds: Count,
    /** Operations of one side in one half of a round, at the median. */
    operations: Count,
    goal: GoalSchema,
    reached: v.boolean(),
  }),
  v.object({
    ...common,
    status: v.picklist(["failed", "not-applicable"]),
    reason: Text,
  }),
]);

export const FidelitySchema = v.object({
  schema: v.literal(FIDELITY_SCHEMA_ID),
  startedAt: Text,
  durationSeconds: Finite,
  /** False when it was interrupted. */
  complete: v.boolean(),
  tool: v.object({ version: Text, deno: Text, v8: Text }),
  /** First line of `cc --version`, and its flags. */
  compiler: Text,
  host: HostSchema,
  settings: v.object({ seed: Count, budgetSeconds: Finite, awake: v.boolean() }),
  cells: v.array(FidelityCellSchema),
  groups: v.array(v.object({
    group: common.group,
    cells: Count,
    reached: Count,
    geometricMean: Finite,
    worst: v.object({ id: Text, ratio: Finite }),
  })),
  /**
   * The native pipe round trip of 4 bytes against `perf bench sched pipe`, which does the same;
   * null where perf is not installed.
   */
  perf: v.nullable(v.object({ version: Text, ratio: Finite, ratioCi95: Interval, rounds: Count })),
  warnings: v.array(Text),
});

export type Goal = v.InferOutput<typeof GoalSchema>;
export type FidelityCell = v.InferOutput<typeof FidelityCellSchema>;
export type FidelityDocument = v.InferOutput<typeof FidelitySchema>;
export type FidelityGroup = FidelityCell["group"];
