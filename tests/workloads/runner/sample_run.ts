/** Run documents for tests: the shape of a real run, its figures drawn from a seed. */
import {
  type MeasuredCell,
  type RunDocument,
  SCHEMA_ID,
} from "../../../workloads/runner/document.ts";
import { createRandom } from "../../../workloads/runner/random.ts";
import { estimateInterval } from "../../../workloads/runner/statistics.ts";

export interface SampleRun {
  id: string;
  startedAt?: string;
  machineKey?: string;
  hostname?: string;
  kernel?: string;
  seed?: number;
  facilities?: string[];
  sizes?: number[];
}

export function sampleRun(
  {
    id,
    startedAt = "2026-01-02T03:04:05.678Z",
    machineKey = "x86_64/kvm/Sample CPU/2",
    hostname = "sample",
    kernel = "6.18.0",
    seed = 1,
    facilities = ["pipe", "fifo"],
    sizes = [1, 64],
  }: SampleRun,
): RunDocument {
  const random = createRandom(seed);
  const cell = (facility: string, sizeBytes: number): MeasuredCell => {
    const trials = Array.from({ length: 6 }, () => ({
      estimate: 4_000 + sizeBytes + 100 * random.next(),
      operations: 10_000,
      seconds: 0.05,
      cpus: [0, 0],
      controls: { clockNs: [16, 16.5] as [number, number] },
    }));
    const { estimate, interval, method } = estimateInterval(
      trials.map((trial) => trial.estimate),
      random,
    );
    return {
      id: `round-trip/${facility}/${sizeBytes}/same-cpu/process/2`,
      facility,
      workload: "round-trip",
      sizeBytes,
      placement: "same-cpu",
      participants: "process",
      count: 2,
      awake: false,
      unit: "ns",
      better: "lower",
      status: "measured",
      estimate,
      ci95: interval,
      ciMethod: method,
      trials,
      percentiles: { p50: estimate, max: 2 * estimate },
      warnings: [],
    };
  };
  return {
    schema: SCHEMA_ID,
    id,
    startedAt,
    durationSeconds: 12.5,
    complete: true,
    tool: { version: "0.1.0", deno: "2.9.6", v8: "15.0" },
    host: {
      machineKey,
      hostname,
      kernel,
      arch: "x86_64",
      cpuModel: "Sample CPU",
      cpus: 2,
      topology: [
        { cpu: 0, core: 0, socket: 0, node: 0, sharedCache: [0, 1] },
        { cpu: 1, core: 1, socket: 0, node: 0, sharedCache: [0, 1] },
      ],
      memoryBytes: 2 ** 33,
      governor: null,
      turbo: null,
      virtualization: "kvm",
      mitigations: { spectre_v2: "Mitigation: IBRS" },
      cgroup: { version: 2, cpuQuota: null, cpuset: null, memoryBytes: null },
      loadAverage: [0.1, 0.2, 0.3],
      clockSource: "tsc",
      transparentHugePages: "madvise",
      limits: {
        msgsize_max: {
          name: "msgsize_max",
          value: 8192,
          source: "/proc/sys/fs/mqueue/msgsize_max",
        },
      },
    },
    settings: {
      profile: "quick",
      seed,
      trials: 6,
      budgetSeconds: 60,
      facilities,
      workloads: ["round-trip"],
      sizes,
      placements: ["same-cpu"],
      participants: ["process"],
      waits: [],
      awake: false,
    },
    label: null,
    calibration: null,
    facilities: [
      ...facilities.map((id) => ({ id, title: `Sample ${id}` })),
      { id: "posix-message-queue", title: "POSIX message queue" },
    ],
    cells: [
      ...facilities.flatMap((facility) => sizes.map((size) => cell(facility, size))),
      {
        id: "round-trip/posix-message-queue/65536/same-cpu/process/2",
        facility: "posix-message-queue",
        workload: "round-trip",
        sizeBytes: 65_536,
        placement: "same-cpu",
        participants: "process",
        count: 2,
        awake: false,
        unit: "ns",
        better: "lower",
        status: "not-applicable",
        reason: "msgsize_max is 8192 (/proc/sys/fs/mqueue/msgsize_max)",
        warnings: [],
      },
    ],
    claims: [],
    warnings: [],
  };
}
