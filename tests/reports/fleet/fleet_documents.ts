/** Run documents of a made-up fleet: hosts of two kernels, one of them odd. @module */
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { sampleRun } from "../../workloads/runner/sample_run.ts";

/** What is put into the names of the hosts, for example text that must be escaped. */
export interface FleetNames {
  readonly host?: string;
  readonly instance?: string;
}

/** The host that is three times as slow as its equals. */
export const ODD = 5;

/** 8 hosts of each kernel with 3 runs each; those of the older kernel take 1.5 times as long. */
export function fleetDocuments({ host = "node", instance = "m7" }: FleetNames = {}): RunDocument[] {
  return Array.from({ length: 48 }, (_, index) => {
    const [number, turn] = [index % 16, Math.floor(index / 16)];
    const old = number >= 8;
    const factor = (old ? 1.5 : 1) * (number === ODD ? 3 : 1);
    const run = sampleRun({
      id: `run-${number}-${turn}`,
      startedAt: `2026-03-0${turn + 1}T0${number % 8}:00:00.000Z`,
      hostname: `${host}-${number}`,
      kernel: old ? "Linux 6.1.0" : "Linux 6.18.0",
      machineKey: "Sample CPU x2 x86_64 kvm",
      seed: index + 1,
    });
    return {
      ...run,
      host: { ...run.host, instance, runtime: "containerd" },
      cells: run.cells.map((cell) =>
        cell.status !== "measured" ? cell : {
          ...cell,
          estimate: cell.estimate * factor,
          ci95: cell.ci95.map((end) => end * factor) as [number, number],
          trials: cell.trials.map((trial) => ({ ...trial, estimate: trial.estimate * factor })),
        }
      ),
    };
  });
}
