/**
 * The run document: everything one run measured, as plain data, version 2.
 *
 * It is checked by the same schema on writing and on reading; the JSON Schema made from it is
 * published as `schema/run-2.json`. Times are integers or floats of the unit that the field's name
 * or the cell's `unit` states; sizes are bytes.
 *
 * @module
 */
import * as v from "valibot";
import { LimitSchema } from "../../facilities/facility_schema.ts";

/** Identifies the format and its version. */
export const SCHEMA_ID = "ipc-taxonomy/run/2";

const Text = v.string();
const Count = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(0),
  v.maxValue(Number.MAX_SAFE_INTEGER),
);
/** A number of the kernel's that is -1 where it does not say, or nothing was chosen. */
const KernelNumber = v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(2 ** 31 - 1));
const Finite = v.pipe(v.number(), v.finite());
const NonNegative = v.pipe(Finite, v.minValue(0));
const Share = v.pipe(NonNegative, v.maxValue(1));
/** What was read before and after something; in any order. */
const BeforeAndAfter = v.strictTuple([NonNegative, NonNegative]);
/** The lower end comes first, which JSON Schema cannot say. */
const Interval = v.pipe(
  v.strictTuple([NonNegative, NonNegative]),
  v.check(([low, high]) => low <= high, "the lower end first"),
);

/** What has to be said beside figures. */
export const WarningSchema = v.object({
  /** What programs compare: lower-case words joined by hyphens, listed in `warning.ts`. */
  code: v.pipe(Text, v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), v.maxLength(60)),
  /** What people read, with what would help. */
  text: Text,
});

/** What a facility of the run, and each of its variants, is called; `cells` have the ids. */
export const FacilityTitlesSchema = v.object({
  id: Text,
  title: Text,
  /** Absent where it has none. */
  variants: v.optional(v.array(v.object({ id: Text, title: Text }))),
});

/** What one run of a short control loop cost, on the trial's own CPUs, in nanoseconds an operation. */
export const ControlsSchema = v.object({
  /** `clock_gettime(CLOCK_MONOTONIC)` through FFI, before and after the timed region. */
  clockNs: v.optional(BeforeAndAfter),
  /** `getppid`, before and after the timed region. */
  syscallNs: v.optional(BeforeAndAfter),
  /** One spin exchange over shared memory between two CPUs, before and after. */
  spinNs: v.optional(BeforeAndAfter),
});

export const TrialSchema = v.object({
  /** The trial's own figure, in the cell's unit. */
  estimate: NonNegative,
  operations: Count,
  seconds: NonNegative,
  /** CPU number of each participant; -1 where it was not pinned. */
  cpus: v.array(KernelNumber),
  controls: v.optional(ControlsSchema),
  /** Index into the run's `states`; absent where it changed during the trial, or there is but one. */
  state: v.optional(Count),
  /** Why this trial is suspect: its two controls differ, CPU stolen, ... */
  marks: v.optional(v.array(WarningSchema)),
});

export const CostSchema = v.object({
  /** User + system time of all participants, per operation. */
  cpuNsPerOp: NonNegative,
  voluntarySwitchesPerOp: NonNegative,
  involuntarySwitchesPerOp: NonNegative,
  minorFaultsPerOp: NonNegative,
});

/** The percentiles that the sample count supports; `max` is always there. */
export const PercentilesSchema = v.object({
  p50: v.optional(NonNegative),
  p90: v.optional(NonNegative),
  p99: v.optional(NonNegative),
  "p99.9": v.optional(NonNegative),
  max: NonNegative,
});

/** The dimensions that name a cell. */
const dimensions = {
  /** Every dimension that the cell has, joined by `/`; no two cells of a run share one. */
  id: Text,
  facility: Text,
  variant: v.optional(Text),
  workload: Text,
  sizeBytes: v.optional(Count),
  placement: Text,
  participants: v.picklist(["process", "thread"]),
  count: Count,
  /** Waiting strategy of a shared-memory cell. */
  wait: v.optional(Text),
  awake: v.boolean(),
  control: v.optional(v.boolean()),
  /** Other dimensions a workload adds, such as the gap of `paced` in nanoseconds. */
  parameters: v.optional(v.record(Text, v.union([Finite, Text]))),
  unit: v.picklist(["ns", "bytes/s", "messages/s", "ops/s", "bytes", "messages"]),
  better: v.picklist(["lower", "higher"]),
};

export const MeasuredSchema = v.object({
  ...dimensions,
  status: v.literal("measured"),
  estimate: NonNegative,
  ci95: Interval,
  /** How the interval was made. */
  ciMethod: v.picklist(["order-statistics", "bootstrap", "none"]),
  /**
   * Where the machine had several states: `one-state`, the figure is that of the trials in the state
   * that most of the run was in; `normalised`, each trial was set against its own control; `mixed`,
   * it is that of all trials as they are.
   */
  basis: v.optional(v.picklist(["one-state", "normalised", "mixed"])),
  /** The figure of all trials as they are, where `estimate` is another. */
  raw: v.optional(v.object({ estimate: NonNegative, ci95: Interval })),
  trials: v.array(TrialSchema),
  /** In the cell's unit where that is `ns`; else nanoseconds a message. */
  percentiles: v.optional(PercentilesSchema),
  /**
   * Where latency counts from when an operation should have begun: the same from when it did begin,
   * which leaves out the wait of all that a stall held back (coordinated omission).
   */
  uncorrected: v.optional(PercentilesSchema),
  /** HdrHistogram V2, compressed, base64, of nanoseconds. */
  histogram: v.optional(Text),
  cost: v.optional(CostSchema),
  /** Operations a clock reading; percentiles of a batch above 1 are percentiles of batch means. */
  batch: v.optional(Count),
  /** Messages sent and not received (UDP). */
  lost: v.optional(Count),
  offeredPerSecond: v.optional(NonNegative),
  achievedPerSecond: v.optional(NonNegative),
  /** What the kernel object declares to have room for, where `estimate` is what did fit. */
  declared: v.optional(NonNegative),
  /** Least over most acquisitions among the participants of a contended lock. */
  fairness: v.optional(Share),
  /** Bytes that fit between its two ends before a sender waits. */
  capacityBytes: v.optional(Count),
  /** Rises when what the cell measures, or how, changes; cells are compared with equals. 1 if absent. */
  method: v.optional(v.pipe(Count, v.minValue(1))),
  warnings: v.array(WarningSchema),
});

export const NotApplicableSchema = v.object({
  ...dimensions,
  status: v.literal("not-applicable"),
  /** In words, with the limit and where it was read from. */
  reason: Text,
  warnings: v.array(WarningSchema),
});

export const FailedSchema = v.object({
  ...dimensions,
  status: v.literal("failed"),
  reason: Text,
  warnings: v.array(WarningSchema),
});

export const CellSchema = v.variant("status", [MeasuredSchema, NotApplicableSchema, FailedSchema]);

export const ClaimVerdictSchema = v.object({
  id: Text,
  statement: Text,
  /** Section of the taxonomy that the statement rests on. */
  section: v.optional(Text),
  facility: Text,
  /** `unknown`: it could not be tried here. */
  verdict: v.picklist(["holds", "fails", "not-applicable", "unknown"]),
  expected: Text,
  observed: Text,
  /** What the property was found to be, where the statement is about one: `posix-name`, `blocks`. */
  value: v.optional(Text),
  /** Why it does not apply, or why it is unknown: the call, its errno, and what would help. */
  reason: v.optional(Text),
});

export const HostSchema = v.object({
  /** Equal for two runs that may be compared: CPU model and count, architecture, virtualization. */
  machineKey: Text,
  hostname: Text,
  kernel: Text,
  arch: Text,
  cpuModel: Text,
  /** CPUs this process may use. */
  cpus: Count,
  topology: v.array(v.object({
    cpu: Count,
    core: KernelNumber,
    socket: KernelNumber,
    node: KernelNumber,
    /** CPUs that share this one's last-level cache. */
    sharedCache: v.array(Count),
    /** Relative computing power, where CPUs differ (big.LITTLE, hybrid). */
    capacity: v.optional(Count),
  })),
  memoryBytes: Count,
  governor: v.nullable(Text),
  turbo: v.nullable(v.boolean()),
  virtualization: v.nullable(Text),
  /** What the provider calls this type of machine; null where nothing tells. */
  instance: v.optional(v.nullable(Text)),
  /** The container runtime around the suite; null where none is seen. */
  runtime: v.optional(v.nullable(Text)),
  mitigations: v.record(Text, Text),
  cgroup: v.object({
    version: v.nullable(v.picklist([1, 2])),
    /** CPUs' worth of quota, null when unlimited. */
    cpuQuota: v.nullable(NonNegative),
    cpuset: v.nullable(Text),
    memoryBytes: v.nullable(Count),
  }),
  loadAverage: v.strictTuple([NonNegative, NonNegative, NonNegative]),
  clockSource: v.nullable(Text),
  transparentHugePages: v.nullable(Text),
  limits: v.record(Text, LimitSchema),
});

export const CalibrationSchema = v.object({
  /** One `clock_gettime` through FFI. */
  clockNs: NonNegative,
  /** Smallest step that two clock readings show. */
  clockStepNs: NonNegative,
  /** One empty FFI call. */
  ffiCallNs: NonNegative,
  /** One `getppid`. */
  syscallNs: NonNegative,
  memcpyBytesPerSecond: NonNegative,
});

export const SettingsSchema = v.object({
  profile: v.picklist(["quick", "standard", "thorough"]),
  /** Seeds the order of trials and cells. */
  seed: Count,
  /** Trials asked for each cell. */
  trials: Count,
  budgetSeconds: NonNegative,
  /** Whether cells with a wide interval got further trials as long as the budget lasted. */
  adaptive: v.optional(v.boolean()),
  facilities: v.array(Text),
  workloads: v.array(Text),
  sizes: v.array(Count),
  placements: v.array(Text),
  participants: v.array(v.picklist(["process", "thread"])),
  waits: v.array(Text),
  awake: v.boolean(),
  /** Which of the lists above the user named; the others are the profile's own. */
  named: v.optional(v.array(
    v.picklist(["facilities", "workloads", "sizes", "placements", "participants", "waits"]),
  )),
});

/** The run document. */
export const RunSchema = v.object({
  schema: v.literal(SCHEMA_ID),
  id: v.pipe(Text, v.regex(/^[0-9A-Za-z][0-9A-Za-z._-]{3,127}$/)),
  /** ISO 8601, UTC. */
  startedAt: v.pipe(Text, v.isoTimestamp()),
  durationSeconds: NonNegative,
  /** False when the run was interrupted; what was measured until then is in `cells`. */
  complete: v.boolean(),
  tool: v.object({ version: Text, deno: Text, v8: Text }),
  host: HostSchema,
  settings: SettingsSchema,
  label: v.nullable(Text),
  calibration: v.nullable(CalibrationSchema),
  /** What a nanosecond of this run stands for: time, or instructions of an emulator. Time if absent. */
  clock: v.optional(v.picklist(["time", "instructions"])),
  /** The states that the machine switched between, the commonest first; absent with but one. */
  states: v.optional(v.array(v.object({ name: Text, trials: Count }))),
  /** In the order of the taxonomy, or in which they were named. */
  facilities: v.array(FacilityTitlesSchema),
  cells: v.array(CellSchema),
  claims: v.array(ClaimVerdictSchema),
  /** What is to be said of the run as a whole. */
  warnings: v.array(WarningSchema),
});

export type Warning = v.InferOutput<typeof WarningSchema>;
export type FacilityTitles = v.InferOutput<typeof FacilityTitlesSchema>;
export type Limit = v.InferOutput<typeof LimitSchema>;
export type Controls = v.InferOutput<typeof ControlsSchema>;
export type Trial = v.InferOutput<typeof TrialSchema>;
export type Cost = v.InferOutput<typeof CostSchema>;
export type Percentiles = v.InferOutput<typeof PercentilesSchema>;
export type Cell = v.InferOutput<typeof CellSchema>;
export type MeasuredCell = v.InferOutput<typeof MeasuredSchema>;
export type ClaimVerdict = v.InferOutput<typeof ClaimVerdictSchema>;
export type Host = v.InferOutput<typeof HostSchema>;
export type Calibration = v.InferOutput<typeof CalibrationSchema>;
export type Settings = v.InferOutput<typeof SettingsSchema>;
export type RunDocument = v.InferOutput<typeof RunSchema>;
