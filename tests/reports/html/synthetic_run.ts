/**
 * Makes run documents out of formulas and a seeded generator: SYNTHETIC, nothing here was measured.
 *
 * They hold every kind of cell a page has to show, at sizes from a handful of cells to that of a full
 * `standard` run, and on request text in every outside field that tries to break out of the page.
 *
 * @module
 */
import { type Cell, type RunDocument, SCHEMA_ID } from "../../../workloads/runner/document.ts";
import { titleOf } from "../../../workloads/runner/document_version_1.ts";

/** Text that would run a script, end the script block, or open a tag if it were not escaped. */
export const HOSTILE =
  `</script><script>globalThis.broken=1</script>"><img src=x onerror="globalThis.broken=1">&lt;'`;

export interface SyntheticOptions {
  /** @default 1 */
  seed?: number;
  /** `small` has 6 facilities and 2 workloads, `standard` every leaf and size. @default "small" */
  extent?: "small" | "standard";
  /** Puts {@link HOSTILE} into every field that comes from outside. @default false */
  hostile?: boolean;
  /** Multiplies every latency of this facility, to make a history with a step in it. */
  slower?: { facility: string; factor: number };
  /** Moves the start by this many days. @default 0 */
  day?: number;
  kernel?: string;
}

/** Mulberry32: a number in [0, 1) a call. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Channel {
  id: string;
  /** Round trip of one byte on one CPU, ns. */
  base: number;
  /** Copies a byte makes. */
  copies: number;
  limit?: { bytes: number; source: string };
  region?: boolean;
}

const CHANNELS: readonly Channel[] = [
  { id: "pipe", base: 4_300, copies: 2 },
  { id: "fifo", base: 4_350, copies: 2 },
  { id: "unix-stream", base: 6_900, copies: 2.2 },
  { id: "tcp", base: 10_800, copies: 2.8 },
  {
    id: "posix-message-queue",
    base: 4_600,
    copies: 2,
    limit: { bytes: 8_192, source: "/proc/sys/fs/mqueue/msgsize_max" },
  },
  {
    id: "sysv-message-queue",
    base: 4_900,
    copies: 2.1,
    limit: { bytes: 8_192, source: "/proc/sys/kernel/msgmax" },
  },
  {
    id: "unix-datagram",
    base: 5_900,
    copies: 2.2,
    limit: { bytes: 212_960, source: "/proc/sys/net/core/wmem_default" },
  },
  {
    id: "unix-seqpacket",
    base: 6_000,
    copies: 2.2,
    limit: { bytes: 212_960, source: "/proc/sys/net/core/wmem_default" },
  },
  { id: "udp", base: 8_100, copies: 2.6, limit: { bytes: 65_507, source: "udp(7)" } },
  { id: "pseudoterminal", base: 18_500, copies: 9 },
  { id: "posix-shared-memory", base: 300, copies: 1, region: true },
  { id: "sysv-shared-memory", base: 310, copies: 1, region: true },
  { id: "anonymous-mapping", base: 305, copies: 1, region: true },
  { id: "file-mapping", base: 320, copies: 1, region: true },
  { id: "memfd", base: 302, copies: 1, region: true },
  {
    id: "realtime-signal",
    base: 5_300,
    copies: 1,
    limit: { bytes: 4, source: "sigqueue(3): one integer" },
  },
];

/** What each waiting strategy adds to a round trip on one CPU, ns. */
const WAITS: Record<string, number> = {
  spin: 0,
  futex: 3_400,
  eventfd: 3_700,
  "posix-unnamed-semaphore": 3_500,
  "sysv-semaphore": 4_100,
  "condition-variable": 6_600,
  "spin-then-futex": 1_200,
};

const LOCKS: readonly (readonly [string, number])[] = [
  ["mutex", 160],
  ["futex", 140],
  ["posix-named-semaphore", 230],
  ["posix-unnamed-semaphore", 220],
  ["sysv-semaphore", 900],
  ["fcntl-lock", 1_450],
  ["ofd-lock", 1_500],
  ["flock", 1_050],
];

const PLACEMENTS: Record<string, number> = {
  "same-cpu": 1,
  "same-cache": 2.9,
  "cross-socket": 6.1,
  unpinned: 3.4,
};

/** A schema-valid run document of invented figures. */
export function syntheticRun(options: SyntheticOptions = {}): RunDocument {
  const { seed = 1, extent = "small", hostile = false, slower, day = 0 } = options;
  const random = generator(seed);
  const outside = (text: string) => hostile ? `${text} ${HOSTILE}` : text;
  const full = extent === "standard";
  const channels = full
    ? CHANNELS
    : CHANNELS.filter((channel) =>
      ["pipe", "fifo", "unix-stream", "posix-message-queue", "posix-shared-memory", "memfd"]
        .includes(channel.id)
    );
  const sizes = full
    ? [1, 4, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576]
    : [1, 64, 4_096, 65_536, 1_048_576];
  const placements = full ? Object.keys(PLACEMENTS) : ["same-cpu", "same-cache"];
  const waits = full ? Object.keys(WAITS) : ["spin", "futex", "eventfd"];
  const trialCount = full ? 10 : 6;
  const cells: Cell[] = [];

  const noise = (spread: number) => 1 + (random() + random() + random() - 1.5) * spread;
  type Dimensions = {
    facility: string;
    workload: string;
    placement: string;
    participants: "process" | "thread";
    unit: Cell["unit"];
    better: Cell["better"];
    sizeBytes?: number;
    wait?: string;
    count?: number;
    control?: boolean;
    parameters?: Record<string, number | string>;
  };
  const complete = (given: Dimensions) => {
    const count = given.count ?? 2;
    const dimensions = { ...given, count, awake: true };
    const parts = [
      given.workload,
      given.facility,
      given.wait,
      given.sizeBytes,
      given.placement,
      given.participants,
      count,
      "awake",
      ...Object.entries(given.parameters ?? {}).map(([name, value]) => `${name}=${value}`),
    ];
    return { id: parts.filter((part) => part !== undefined).join("/"), ...dimensions };
  };

  const measured = (given: Dimensions, latencyNs: number, cpuNs: number, spread = 0.05) => {
    const factor = slower && slower.facility === given.facility ? slower.factor : 1;
    const figure = given.unit === "ns"
      ? latencyNs * factor
      : given.unit === "bytes/s"
      ? (given.sizeBytes ?? 1) / (latencyNs * factor) * 1e9
      : 1e9 / (latencyNs * factor);
    const trials = Array.from({ length: trialCount }, (_, index) => ({
      estimate: figure * noise(spread) * (random() < 0.03 ? 1.4 : 1),
      operations: Math.max(200, Math.round(2e7 / latencyNs)),
      seconds: 0.02,
      cpus: given.placement === "unpinned" ? [-1, -1] : [0, given.placement === "same-cpu" ? 0 : 1],
      controls: {
        clockNs: [17, 17.2] as [number, number],
        syscallNs: [88, 89] as [number, number],
      },
      ...(index === 3 && random() < 0.1
        ? {
          marks: [{
            code: "controls-differ",
            text: outside("its two control readings differ by 31 %"),
          }],
        }
        : {}),
    }));
    const sorted = trials.map((trial) => trial.estimate).sort((a, b) => a - b);
    const estimate = (sorted[(trialCount - 1) >> 1]! + sorted[trialCount >> 1]!) / 2;
    const typical = given.unit === "ns" ? estimate : latencyNs * factor;
    cells.push({
      ...complete(given),
      status: "measured",
      estimate,
      ci95: [sorted[full ? 1 : 0]!, sorted[trialCount - (full ? 2 : 1)]!],
      ciMethod: "order-statistics",
      trials,
      percentiles: {
        p50: typical,
        p90: typical * (1.1 + random() * 0.2),
        p99: typical * (1.6 + random()),
        ...(latencyNs < 2e5 ? { "p99.9": typical * (4 + random() * 4) } : {}),
        max: typical * (20 + random() * 60),
      },
      cost: {
        cpuNsPerOp: cpuNs,
        voluntarySwitchesPerOp: given.wait === "spin" ? 0 : 2,
        involuntarySwitchesPerOp: random() * 0.001,
        minorFaultsPerOp: 0,
      },
      ...(latencyNs < 2_000 ? { batch: 16 } : {}),
      warnings: random() < 0.04
        ? [{
          code: "multimodal",
          text: outside("The trials fall into two groups, 1.4 × apart; the interval spans both."),
        }]
        : [],
    });
  };

  for (const channel of channels) {
    for (const placement of placements) {
      for (const participants of full ? ["process", "thread"] as const : ["process"] as const) {
        for (const wait of channel.region ? waits : [undefined]) {
          for (const size of sizes) {
            const place = PLACEMENTS[placement]!;
            const moved = size * channel.copies * 0.16;
            const latency = (channel.base + (wait ? WAITS[wait]! : 0)) * place + 2 * moved;
            const dimensions: Dimensions = {
              facility: channel.id,
              workload: "round-trip",
              placement,
              participants,
              sizeBytes: size,
              ...(wait ? { wait } : {}),
              unit: "ns",
              better: "lower",
            };
            const stream: Dimensions = {
              ...dimensions,
              workload: "throughput",
              unit: "bytes/s",
              better: "higher",
            };
            const reason = channel.limit && size > channel.limit.bytes
              ? `${size} bytes are more than this host's limit of ${channel.limit.bytes} ` +
                `(${channel.limit.source})`
              : wait === "spin" && placement === "same-cpu"
              ? "a spinning peer would hold the CPU that the other one needs: " +
                "this measures the scheduler's time slice"
              : undefined;
            for (const given of [dimensions, stream]) {
              if (reason) {
                cells.push({
                  ...complete(given),
                  status: "not-applicable",
                  reason: outside(reason),
                  warnings: [],
                });
              }
            }
            if (reason) continue;
            const cpu = wait === "spin" ? latency * 2 : latency * 0.96;
            measured(dimensions, latency, cpu, placement === "same-cpu" ? 0.04 : 0.22);
            measured(stream, channel.base * 0.2 * place + moved, cpu * 0.4, 0.08);
          }
        }
      }
    }
  }
  for (const [lock, base] of full ? LOCKS : LOCKS.slice(0, 3)) {
    for (const count of full ? [1, 2, 4, 8] : [2]) {
      measured(
        {
          facility: lock,
          workload: "contended-lock",
          placement: placements[1]!,
          participants: "process",
          count,
          unit: "ops/s",
          better: "higher",
        },
        base * count,
        base * count * 1.3,
        0.12,
      );
    }
  }
  if (full) {
    for (const gap of [1_000, 10_000, 100_000, 1_000_000, 10_000_000]) {
      for (const channel of CHANNELS.slice(0, 5)) {
        measured(
          {
            facility: channel.id,
            workload: "paced",
            placement: "same-cache",
            participants: "process",
            sizeBytes: 64,
            parameters: { gapNs: gap },
            unit: "ns",
            better: "lower",
          },
          channel.base * (1 + Math.log10(gap / 1_000)),
          channel.base,
          0.3,
        );
      }
    }
  }
  cells.push({
    ...complete({
      facility: "unix-stream",
      workload: "connection-setup",
      placement: "same-cpu",
      participants: "process",
      unit: "ns",
      better: "lower",
    }),
    status: "failed",
    reason: outside("connect: ECONNREFUSED after 1000 ms"),
    warnings: [],
  });
  for (
    const [facility, size, ns] of [
      ["empty-ffi-call", undefined, 6],
      ["null-syscall", undefined, 88],
      ["clock", undefined, 17],
      ...sizes.map((size) => ["memcpy", size, 4 + size * 0.08] as const),
    ] as const
  ) {
    measured(
      {
        facility,
        workload: "control",
        placement: "same-cpu",
        participants: "process",
        count: 1,
        control: true,
        ...(size === undefined ? {} : { sizeBytes: size }),
        unit: "ns",
        better: "lower",
      },
      ns,
      ns,
      0.02,
    );
  }
  if (hostile) {
    measured(
      {
        facility: HOSTILE,
        workload: HOSTILE,
        placement: HOSTILE,
        participants: "process",
        sizeBytes: 64,
        wait: HOSTILE,
        parameters: { [HOSTILE]: HOSTILE },
        unit: "ns",
        better: "lower",
      },
      900,
      900,
    );
    for (const cell of cells.slice(-1)) cell.variant = HOSTILE;
  }

  const startedAt = new Date(Date.UTC(2026, 0, 5, 9, 30) + day * 86_400_000).toISOString();
  const warnings = [
    "SYNTHETIC: these figures were made by a formula for tests; nothing was measured.",
    "This is a virtual machine: its host may take the CPU away at any moment.",
  ];
  return {
    schema: SCHEMA_ID,
    id: `synthetic-${extent}-${seed}-${day}`,
    startedAt,
    durationSeconds: full ? 912.4 : 48.2,
    complete: true,
    tool: { version: outside("0.1.0"), deno: outside("2.9.6"), v8: outside("14.9") },
    host: {
      machineKey: outside("synthetic-cpu-2-x86_64-kvm"),
      hostname: outside("synthetic-host"),
      kernel: outside(options.kernel ?? "6.18.5"),
      arch: outside("x86_64"),
      cpuModel: outside("Synthetic CPU at 2.0 GHz"),
      cpus: 2,
      topology: [0, 1].map((cpu) => ({ cpu, core: cpu, socket: 0, node: 0, sharedCache: [0, 1] })),
      memoryBytes: 8 * 2 ** 30,
      governor: hostile ? HOSTILE : null,
      turbo: null,
      virtualization: outside("kvm"),
      mitigations: {
        meltdown: outside("Not affected"),
        spectre_v2: outside("Mitigation: Retpolines"),
        ...(hostile ? { [HOSTILE]: HOSTILE } : {}),
      },
      cgroup: { version: 2, cpuQuota: null, cpuset: outside("0-1"), memoryBytes: null },
      loadAverage: [0.31, 0.22, 0.18],
      clockSource: outside("tsc"),
      transparentHugePages: outside("madvise"),
      limits: {
        msgsize_max: {
          name: outside("Longest POSIX message"),
          value: 8_192,
          unit: outside("bytes"),
          source: outside("/proc/sys/fs/mqueue/msgsize_max"),
          raise: outside("sysctl fs.mqueue.msgsize_max=1048576"),
        },
        "pipe-max-size": {
          name: outside("Largest pipe"),
          value: 1_048_576,
          unit: outside("bytes"),
          source: outside("/proc/sys/fs/pipe-max-size"),
        },
      },
    },
    settings: {
      profile: full ? "standard" : "quick",
      seed: 42,
      trials: trialCount,
      budgetSeconds: full ? 900 : 60,
      facilities: channels.map((channel) => channel.id),
      workloads: ["round-trip", "throughput", "contended-lock"],
      sizes,
      placements,
      participants: full ? ["process", "thread"] : ["process"],
      waits,
      awake: true,
    },
    label: hostile ? HOSTILE : null,
    calibration: {
      clockNs: 17.1,
      clockStepNs: 1,
      ffiCallNs: 6.2,
      syscallNs: 88.4,
      memcpyBytesPerSecond: 12.5e9,
    },
    facilities: [...new Set(cells.filter(({ control }) => !control).map((cell) => cell.facility))]
      .map((id) => ({ id, title: outside(titleOf(id)) })),
    cells,
    claims: [
      {
        id: outside("reads-are-destructive"),
        statement: outside("A read consumes the data: a second reader does not get it."),
        section: outside("43.2 Data transfer, 1"),
        facility: "pipe",
        verdict: "holds",
        expected: outside("the second reader gets EAGAIN"),
        observed: outside("the second reader got EAGAIN, 100 times of 100"),
      },
      {
        id: outside("a-message-is-read-whole"),
        statement: outside("A read takes one whole message, never part of it."),
        section: outside("43.2 Data transfer, 2"),
        facility: "posix-message-queue",
        verdict: "fails",
        expected: outside("64 bytes a read"),
        observed: outside("32 bytes in read 7"),
      },
      {
        id: outside("shared-memory-is-not-synchronized"),
        statement: outside("Shared memory does not make a reader wait for the writer."),
        facility: "anonymous-mapping",
        verdict: "not-applicable",
        expected: outside("the reader sees the old value"),
        observed: outside("nothing"),
        reason: outside("needs two processes that share a mapping"),
      },
    ],
    warnings: (hostile ? [...warnings, HOSTILE] : warnings)
      .map((text) => ({ code: "other", text })),
  };
}

/** A run a day of one machine; the pipe gets slower two thirds through, when the kernel changes. */
export function syntheticHistory(
  { runs, extent = "small" }: { runs: number; extent?: "small" | "standard" },
): RunDocument[] {
  const turn = Math.floor(runs * 2 / 3);
  return Array.from({ length: runs }, (_, day) =>
    syntheticRun({
      seed: day + 1,
      day,
      // Only the newest runs are shown whole.
      extent: day < runs - 6 ? "small" : extent,
      kernel: day < turn ? "6.18.5" : "6.19.1",
      slower: { facility: "pipe", factor: day < turn ? 1 : 1.2 },
    }));
}

/** A run an hour; read from text each time, as from a store. */
export function* hourlyRuns(count: number): Generator<RunDocument> {
  const text = JSON.stringify(syntheticRun());
  for (let index = 0; index < count; index++) {
    yield {
      ...JSON.parse(text),
      id: `synthetic-${index}`,
      startedAt: new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString(),
    };
  }
}
