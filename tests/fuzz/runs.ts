/** The run documents that are damaged: small, and with every kind of cell and field. @module */
import type { RunDocument } from "../../workloads/runner/document.ts";
import { sampleRun } from "../workloads/runner/sample_run.ts";

/** Two times 4 µs and once 5 µs, as HdrHistogram V2. */
const HISTOGRAM = "HISTFAAAACl4nJNpmSzMwMDAxsDAwMjAwMDMAAEgNgMDg/x/GH++PstCFiYAUeoD6g==";

/** A run with a claim, states, every status, and all that a measured cell may have. */
export function fullRun(id: string, seed = 1): RunDocument {
  const run = sampleRun({ id, seed, startedAt: `2026-01-0${1 + seed % 9}T03:04:05.678Z` });
  const [first, second, ...rest] = run.cells;
  if (first?.status !== "measured" || second?.status !== "measured") throw new Error("no cells");
  return {
    ...run,
    label: "a note",
    calibration: {
      clockNs: 30,
      clockStepNs: 1,
      ffiCallNs: 5.5,
      syscallNs: 190,
      memcpyBytesPerSecond: 9e9,
    },
    states: [{ name: "fast", trials: 9 }, { name: "slow", trials: 3 }],
    facilities: [
      { id: "pipe", title: "Pipe", variants: [{ id: "plain", title: "Plain" }] },
      ...run.facilities.slice(1),
      { id: "tcp", title: "TCP socket" },
    ],
    cells: [
      {
        ...first,
        variant: "plain",
        basis: "one-state",
        raw: { estimate: first.estimate, ci95: first.ci95 },
        trials: first.trials.map((trial, index) => ({
          ...trial,
          controls: {
            clockNs: [16 + seed / 100, 16.5],
            syscallNs: [190, 191],
            spinNs: [120, 121],
          },
          state: index % 2,
          marks: [{ code: "controls-differ", text: "its two controls differ" }],
        })),
        percentiles: { p50: 4000, p90: 5000, p99: 6000, "p99.9": 7000, max: 8000 },
        uncorrected: { p50: 4000, max: 8000 },
        histogram: HISTOGRAM,
        cost: {
          cpuNsPerOp: 4000,
          voluntarySwitchesPerOp: 2,
          involuntarySwitchesPerOp: 0.01,
          minorFaultsPerOp: 0,
        },
        batch: 1,
        lost: 0,
        offeredPerSecond: 1000,
        achievedPerSecond: 999,
        declared: 65_536,
        fairness: 0.9,
        wait: "futex",
        parameters: { gapNs: 1000, order: "random" },
        capacityBytes: 65_536,
        method: 2,
        warnings: [{ code: "few-trials", text: "few trials" }],
      },
      second,
      {
        ...second,
        id: "null-call/control/same-cpu/process/1",
        facility: "control",
        workload: "null-call",
        control: true,
        count: 1,
      },
      {
        ...second,
        id: "throughput/pipe/64/same-cpu/process/2",
        workload: "throughput",
        unit: "bytes/s",
        better: "higher",
      },
      ...rest,
      {
        ...rest.at(-1)!,
        id: "round-trip/tcp/64/same-cpu/process/2",
        facility: "tcp",
        status: "failed",
        reason: "the initiator was killed by SIGKILL",
      } as RunDocument["cells"][number],
    ],
    claims: [{
      id: "pollable",
      statement: "A pipe can be polled.",
      section: "4",
      facility: "pipe",
      verdict: "holds",
      expected: "poll returns",
      observed: "poll returned",
      value: "yes",
      reason: "",
    }],
    clock: "time",
    warnings: [{ code: "other", text: "the machine was busy" }],
  };
}
