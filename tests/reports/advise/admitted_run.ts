/** Run documents in which facilities that were admitted have figures, drawn from a seed. */
import { PATTERNS, type Requirements } from "../../../reports/advise/requirements.ts";
import type { MeasuredCell, RunDocument } from "../../../workloads/runner/document.ts";
import { createRandom } from "../../../workloads/runner/random.ts";
import { sampleRun } from "../../workloads/runner/sample_run.ts";

export interface Figure {
  facility: string;
  variant?: string;
  wait?: string;
  estimate: number;
  /** @default 1000 */
  cpuNs?: number;
}

/** A figure for each facility that has none given, intervals that overlap with some of the others. */
export function admittedRun(
  question: Requirements,
  facilities: readonly { readonly facility: string }[],
  seed = 1,
  given: readonly Figure[] = [],
): RunDocument {
  const random = createRandom(seed);
  const others = facilities.map(({ facility }) => facility)
    .filter((facility) => !given.some((each) => each.facility === facility))
    .map((facility): Figure => ({ facility, estimate: 1_000 * (1 + 9 * random.next()) }));
  return {
    ...sampleRun({ id: `admitted-${seed}` }),
    cells: [...given, ...others].map((figure) => cellOf(question, figure, random.next() / 10)),
  };
}

function cellOf(question: Requirements, figure: Figure, half: number): MeasuredCell {
  const { pattern, sizeBytes, needs } = question;
  const { workload, count = 2 } = PATTERNS[pattern];
  const { facility, variant, wait, estimate, cpuNs = 1_000 } = figure;
  const participants = needs.includes("threads") ? "thread" : "process";
  const rate = ["throughput", "fan-in", "fan-out"].includes(workload);
  const size = sizeBytes ?? "none";
  return {
    id: [workload, facility, variant, size, "same-cpu", participants, count, wait]
      .filter((part) => part !== undefined).join("/"),
    facility,
    workload,
    ...(variant && { variant }),
    ...(wait && { wait }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    placement: "same-cpu",
    participants,
    count,
    awake: false,
    unit: rate ? "bytes/s" : "ns",
    better: rate ? "higher" : "lower",
    status: "measured",
    estimate,
    ci95: [estimate * (1 - half), estimate * (1 + half)],
    ciMethod: "order-statistics",
    trials: Array.from(
      { length: 6 },
      () => ({ estimate, operations: 1, seconds: 1, cpus: [0, 0] }),
    ),
    cost: {
      cpuNsPerOp: cpuNs,
      voluntarySwitchesPerOp: 0,
      involuntarySwitchesPerOp: 0,
      minorFaultsPerOp: 0,
    },
    warnings: [],
  };
}
