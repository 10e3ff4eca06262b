/**
 * ipc-taxonomy as a library: embed the suite, or add a facility of one's own.
 *
 * @example Measure a facility of one's own beside a pipe
 * ```sh
 * deno task bench --facility ./examples/my_ring.ts,pipe
 * ```
 *
 * @module
 */
export type {
  Capabilities,
  Capability,
  Channel,
  ChannelOffer,
  Created,
  CreateOptions,
  Facility,
  Limit,
  Link,
  Lock,
  Notifier,
  Offer,
  Origin,
  Participants,
  Payload,
  Region,
  Role,
  Semantics,
  Variant,
} from "./facilities/facility.ts";
export { SystemCallError } from "./facilities/libc/errno.ts";
export { Memory } from "./facilities/libc/memory.ts";
export { Scope } from "./facilities/scope.ts";
export { createSharedPage, mapSharedPage } from "./facilities/shared_page.ts";
export { LEAVES, loadFacility, TAXONOMY } from "./facilities/taxonomy.ts";
export type { Workload } from "./workloads/workload.ts";
export { loadWorkload, WORKLOADS } from "./workloads/catalogue.ts";
export type { Cell, RunDocument } from "./workloads/runner/document.ts";
export { readHost } from "./workloads/runner/host.ts";
export { makePlan, type Plan, type PlanInput } from "./workloads/runner/plan.ts";
export type { Progress } from "./workloads/runner/executor.ts";
export { measure, type RunOptions } from "./workloads/runner/run.ts";
export { parseRun, readRun, serialiseRun } from "./workloads/runner/run_file.ts";
export { renderReport } from "./reports/html/mod.ts";
