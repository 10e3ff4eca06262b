/**
 * All workloads by id, each loaded only where it is run.
 *
 * @module
 */
import { BUNDLED, heldUrl } from "../facilities/programs.ts";
import type { Workload } from "./workload.ts";
import { type WorkloadModule, workloadOf } from "./workload_module.ts";

const CONTROLS = ["null-call", "null-syscall", "clock", "memcpy"];

const FILES: Record<string, () => Promise<WorkloadModule>> = {
  "round-trip": () => import("./round_trip.ts"),
  "one-way": () => import("./one_way.ts"),
  "paced": () => import("./paced.ts"),
  "throughput": () => import("./throughput.ts"),
  "hand-off": () => import("./hand_off.ts"),
  "uncontended": () => import("./uncontended.ts"),
  "uncontended-post": () => import("./uncontended_post.ts"),
  "contended": () => import("./contended.ts"),
  "lock-hand-off": () => import("./lock_hand_off.ts"),
  "core-to-core": () => import("./core_to_core.ts"),
  "fan-in": () => import("./fan_in.ts"),
  "fan-out": () => import("./fan_out.ts"),
  "pairs": () => import("./pairs.ts"),
  "burst": () => import("./burst.ts"),
  "lifecycle": () => import("./lifecycle.ts"),
};

/** Ids of the workloads that measure a facility, in the order in which reports show them. */
export const WORKLOADS: readonly string[] = Object.keys(FILES);

/** Ids of the control rows. */
export const CONTROL_ROWS: readonly string[] = CONTROLS;

/**
 * Loads a workload or a control row.
 *
 * @throws {RangeError} when there is none of that id
 */
export async function loadWorkload(id: string): Promise<Workload> {
  return workloadOf(await loadModuleOf(id), id);
}

/**
 * Loads the module in which a workload or a control row is.
 *
 * @throws {RangeError} when there is none of that id
 */
export async function loadModuleOf(id: string): Promise<WorkloadModule> {
  if (CONTROLS.includes(id)) return await import("./controls.ts");
  const load = FILES[id];
  if (!load) throw new RangeError(`Cannot find workload "${id}"`);
  return await load();
}

/** The URL of that module, for programs that load few of them. */
export function moduleOfWorkload(id: string): string {
  if (BUNDLED) return heldUrl("workload", { id });
  const file = CONTROLS.includes(id) ? "controls" : id.replaceAll("-", "_");
  return import.meta.resolve(`./${file}.ts`);
}
