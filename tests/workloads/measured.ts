/** Runs as `bench` makes them, in the test's own process; the participants are real. @module */
import { assert } from "@std/assert";
import { type BenchOptions, planInput } from "../../cli/bench.ts";
import { LEAVES, loadFacility } from "../../facilities/taxonomy.ts";
import type { Cell, MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { CONTROL_ROWS, loadWorkload, WORKLOADS } from "../../workloads/catalogue.ts";
import { makePlan } from "../../workloads/runner/plan.ts";
import { measure } from "../../workloads/runner/run.ts";

// What a facility or a workload opens of the C library stays open; so load all before the first test.
for (const { id } of LEAVES) await loadFacility(id);
for (const id of [...WORKLOADS, ...CONTROL_ROWS]) await loadWorkload(id);

/** A short run: two trials unless more are asked for. */
export async function run(options: Partial<BenchOptions>): Promise<RunDocument> {
  const temporary = await Deno.makeTempDir();
  const input = await planInput({
    participants: ["process"],
    awake: false,
    profile: "quick",
    trials: 2,
    budget: 5,
    seed: 1,
    report: false,
    store: false,
    ...options,
  });
  const document = await measure({
    plan: await makePlan(input),
    settings: input.settings,
    host: readHost(),
    label: null,
    version: "test",
    temporary,
  });
  await Deno.remove(temporary);
  return document;
}

/** The cells of a facility's workload; a failed one fails the test. */
export function cellsOf({ cells }: RunDocument, workload: string, facility?: string): Cell[] {
  const found = cells.filter((cell) =>
    cell.workload === workload && (facility === undefined || cell.facility === facility)
  );
  for (const cell of found) assert(cell.status !== "failed", JSON.stringify(cell));
  return found;
}

export function measuredOf(
  document: RunDocument,
  workload: string,
  facility?: string,
): MeasuredCell[] {
  return cellsOf(document, workload, facility).filter((cell) => cell.status === "measured");
}
