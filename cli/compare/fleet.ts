/**
 * `compare --by`: the groups of hosts in a store side by side.
 *
 * @module
 */
import { readFleet } from "../../reports/fleet/fleet.ts";
import { type Facet, FACETS, type FleetRun, fleetRunOf } from "../../reports/fleet/fleet_run.ts";
import { fleetText } from "../../reports/fleet/words.ts";
import { openStore } from "../../reports/history/open_store.ts";
import type { RunFilter } from "../../reports/history/store.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { writeWhole } from "../../workloads/runner/write_whole.ts";
import { known } from "../arguments.ts";
import { Output } from "../output.ts";
import { CountLine } from "../progress.ts";

export interface FleetOptions {
  by: string;
  reference?: string;
  since?: Date;
  limit: number;
  all?: boolean;
  store?: string;
  markdown?: string;
  json?: string;
}

/** The stored runs that pass a filter, one after the other, each kept by its figures only. */
export async function fleetRuns(url: string | undefined, filter: RunFilter): Promise<FleetRun[]> {
  await using store = await openStore(url, { create: false });
  const listed = await store.list(filter);
  const runs: FleetRun[] = [];
  using progress = new CountLine("run", listed.length);
  for (const [done, { id }] of listed.entries()) {
    progress.show(done);
    const run = await store.get(id);
    if (run) runs.push(fleetRunOf(run));
  }
  return runs;
}

/** A facet by its name. @throws {InputError} there is none of that name */
export function facetOf(name: string): Facet {
  return known("group", [name], FACETS)[0] as Facet;
}

export async function compareFleet(
  words: readonly string[],
  options: FleetOptions,
): Promise<number> {
  if (words.length > 0) throw new InputError("--by compares all stored runs; it takes no names");
  const facet = facetOf(options.by);
  const { since, limit, reference, all = false, json, markdown } = options;
  const output = await Output.open(json, markdown);
  const document = readFleet(await fleetRuns(options.store, { since, limit }), facet, reference);
  output.text(fleetText(document, { all, markdown: false }));
  if (markdown) {
    const text = () => fleetText(document, { all, markdown: true }) + "\n";
    await output.attempt(() => writeWhole(markdown, text()));
  }
  await output.finish(document);
  return 0;
}
