/**
 * All workloads by id, each loaded only where it is run.
 *
 * @module
 */
import type { Workload } from "./workload.ts";

const CONTROLS = ["null-call", "null-syscall", "clock", "memcpy"];

const FILES: Record<string, () => Promise<{ workload: unknown }>> = {
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
  if (CONTROLS.includes(id)) {
    const { workloads } = await import("./controls.ts");
    return workloads.find((each) => each.id === id)!;
  }
  const load = FILES[id];
  if (!load) throw new RangeError(`Cannot find workload "${id}"`);
  return (await load()).workload as Workload;
}
