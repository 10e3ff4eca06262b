/**
 * A workload by the URL of its module, without the catalogue.
 *
 * @module
 */
import { loadModule } from "../facilities/programs.ts";
import type { Workload } from "./workload.ts";

/** What such a module exports: one workload, or the control rows. */
export interface WorkloadModule {
  readonly workload?: unknown;
  readonly workloads?: readonly { readonly id: string }[];
}

/** Loads the workload or control row of that id from a module. */
export async function workloadIn(url: string, id: string): Promise<Workload> {
  return workloadOf(await loadModule(url) as WorkloadModule, id);
}

/** The same from a module that is loaded already. */
export function workloadOf({ workload, workloads }: WorkloadModule, id: string): Workload {
  return (workload ?? workloads?.find((each) => each.id === id)) as Workload;
}
