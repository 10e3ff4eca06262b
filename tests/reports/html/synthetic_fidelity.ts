/**
 * A comparison with native code out of formulas: SYNTHETIC, nothing here was measured.
 *
 * @module
 */
import {
  FIDELITY_SCHEMA_ID,
  type FidelityCell,
  type FidelityDocument,
} from "../../../workloads/runner/fidelity_document.ts";
import { HOSTILE, syntheticRun } from "./synthetic_run.ts";

export function syntheticFidelity({ hostile = false } = {}): FidelityDocument {
  const run = syntheticRun({ hostile });
  const outside = (text: string) => hostile ? `${text} ${HOSTILE}` : text;
  const cells: FidelityCell[] = ["pipe", "fifo", "unix-stream"].map((facility, index) => ({
    id: outside(`blocking/${facility}`),
    group: "blocking",
    facility,
    workload: "round-trip",
    sizeBytes: 64,
    placement: outside("same-cpu"),
    status: "measured",
    suiteNs: 4_400 + index * 100,
    nativeNs: 4_200,
    ratio: 1.03 + index * 0.02,
    ratioCi95: [1.01 + index * 0.02, 1.05 + index * 0.02],
    ciMethod: "order-statistics",
    launches: 12,
    rounds: 60,
    operations: 1_000,
    goal: { kind: "ratio", most: 1.05 },
    reached: index < 2,
  }));
  cells.push({
    id: outside("uncontended/mutex"),
    group: "uncontended",
    facility: "mutex",
    workload: "uncontended",
    placement: "same-cpu",
    status: "measured",
    suiteNs: 29,
    nativeNs: 22,
    ratio: 1.32,
    ratioCi95: [1.3, 1.34],
    extraNsPerCall: 3.5,
    extraNsPerCallCi95: [3.4, 3.6],
    ciMethod: "bootstrap",
    launches: 12,
    rounds: 60,
    operations: 100_000,
    goal: { kind: "extra-ns-per-call", most: 10 },
    reached: true,
  }, {
    id: outside("spin/memfd"),
    group: "spin",
    facility: hostile ? HOSTILE : "memfd",
    workload: "round-trip",
    placement: "same-cache",
    wait: outside("spin"),
    status: "failed",
    reason: outside("it ended early"),
  });
  return {
    schema: FIDELITY_SCHEMA_ID,
    startedAt: run.startedAt,
    durationSeconds: 301,
    complete: true,
    tool: run.tool,
    compiler: outside("cc 12.2.0 -O2"),
    host: run.host,
    settings: { seed: 1, budgetSeconds: 300, awake: true },
    cells,
    groups: [
      {
        group: "blocking",
        cells: 3,
        reached: 2,
        geometricMean: 1.05,
        worst: { id: cells[2]!.id, ratio: 1.07 },
      },
      {
        group: "uncontended",
        cells: 1,
        reached: 1,
        geometricMean: 1.32,
        worst: { id: cells[3]!.id, ratio: 1.32 },
      },
    ],
    perf: { version: outside("perf 6.18"), ratio: 1.01, ratioCi95: [1, 1.02], rounds: 10 },
    warnings: [outside("SYNTHETIC: nothing was measured")],
  };
}
