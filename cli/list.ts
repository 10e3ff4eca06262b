/**
 * `list`: the facilities in the taxonomy's tree, the workloads, statements and control rows.
 *
 * @module
 */
// First, so that what follows opens no function that it does not call.
import "../facilities/libc/uncompiled.ts";
import type { Command } from "commander";
import {
  BESIDE,
  type Branch,
  type Leaf,
  LEAVES,
  type PlacedLeaf,
  TAXONOMY,
} from "../facilities/taxonomy.ts";
import { CONTROL_ROWS, loadWorkload, WORKLOADS } from "../workloads/catalogue.ts";
import { CLAIMS } from "../workloads/claims/catalogue.ts";
import { crossCpu, PLACEMENT_CLASSES, placements } from "../workloads/runner/placement.ts";
import { readTopology } from "../workloads/runner/topology.ts";
import { placementWords } from "../reports/html/model/rows.ts";
import { STRATEGIES } from "../facilities/communication/shared_memory/waiting.ts";
import { Output } from "./output.ts";

export function define(command: Command): void {
  command
    .option("--json <FILE>", "the lists as JSON into FILE, - for stdout")
    .action(async (options: { json?: string }) => {
      const output = await Output.open(options.json);
      const facilities = await Promise.all(LEAVES.map(describeLeaf));
      const beside = await Promise.all(BESIDE.map(describeLeaf));
      const workloads = await Promise.all(WORKLOADS.map(describe));
      const waits = STRATEGIES.map(({ id, title }) => ({ id, title }));
      const places = placesHere();
      const controls = await Promise.all(CONTROL_ROWS.map(describe));
      const claims = CLAIMS.map(({ id, statement, section }) => ({ id, statement, section }));
      const titles = new Map(facilities.map(({ id, title }) => [id, title]));
      output.text("Facilities, in the order of the taxonomy\n");
      for (const branch of TAXONOMY) output.text(tree(branch, "", titles));
      output.text("\nBeside the taxonomy, to compare with it\n");
      for (const { id, title } of beside) output.text(`  ${id.padEnd(26)}${title}`);
      output.text("\nWorkloads\n");
      for (const { id, summary } of workloads) output.text(`  ${id.padEnd(20)}${summary}`);
      output.text("\nWaiting strategies of shared memory (--wait)\n");
      for (const { id, title } of waits) output.text(`  ${id.padEnd(26)}${title}`);
      output.text("\nPlacements (--placement)\n");
      for (const { id, summary, cpus } of places) {
        output.text(`  ${id.padEnd(20)}${summary}; ${hereWords(cpus)}`);
      }
      output.text("\nStatements that claims proves\n");
      for (const { id, statement } of claims) output.text(`  ${id.padEnd(26)}${statement}`);
      output.text("\nControl rows, in every run\n");
      for (const { id, summary } of controls) output.text(`  ${id.padEnd(20)}${summary}`);
      await output.finish({
        ...{ facilities, beside, workloads, waits, placements: places, claims, controls },
      });
    });
}

/** What `--placement` takes, each with the CPUs that stand for it here; null for none. */
function placesHere() {
  const topology = readTopology();
  const offered = placements(topology);
  const nearest = crossCpu(topology);
  const classes = PLACEMENT_CLASSES.map((id) => ({
    id,
    summary: placementWords(id),
    cpus: offered.find((each) => each.class === id)?.cpus ?? null,
  }));
  return [...classes, {
    id: "cross-cpu",
    summary: `the nearest of those across CPUs${nearest ? `, ${nearest.class}` : ""}`,
    cpus: nearest?.cpus ?? null,
  }];
}

function hereWords(cpus: readonly [number, number] | null): string {
  if (cpus === null) return "not on this machine";
  const [first, second] = cpus;
  if (first < 0) return "on any CPU here";
  return first === second ? `here CPU ${first}` : `here CPUs ${first} and ${second}`;
}

async function describeLeaf({ id, place, load }: PlacedLeaf) {
  const { facility } = await load();
  const { title, summary, origin, semantics, variants } = facility;
  return { id, place, title, summary, origin, semantics, variants: variants ?? [] };
}

async function describe(id: string) {
  const { title, summary, needs, unit, better, sized } = await loadWorkload(id);
  return { id, title, summary, needs, unit, better, sized };
}

function tree(node: Branch | Leaf, indent: string, titles: Map<string, string>): string {
  if ("load" in node) {
    return `${indent}  ${node.id.padEnd(26 - indent.length)}${titles.get(node.id)}`;
  }
  const children = node.children.map((child) => tree(child, indent + "  ", titles));
  return [`${indent}  ${node.title}`, ...children].join("\n");
}
