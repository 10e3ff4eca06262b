/**
 * The words that name a cell's dimensions on the command line; unknown ones are refused.
 *
 * @module
 */
import { STRATEGIES } from "../facilities/communication/shared_memory/waiting.ts";
import type { Participants } from "../facilities/facility.ts";
import { WORKLOADS } from "../workloads/catalogue.ts";
import { PLACEMENT_CLASSES } from "../workloads/runner/placement.ts";
import { known } from "./arguments.ts";

/** What `--placement` takes: the classes, and the nearest of those across CPUs. */
export const PLACEMENT_WORDS: readonly string[] = [...PLACEMENT_CLASSES, "cross-cpu"];

/** What `--participants` takes. */
export const PARTICIPANTS = ["process", "thread"] as const satisfies readonly Participants[];

/** @throws {InputError} */
export function knownWorkloads(words: readonly string[]): string[] {
  return known("workload", words, WORKLOADS);
}

/** @throws {InputError} */
export function knownPlacements(words: readonly string[]): string[] {
  return known("placement", words, PLACEMENT_WORDS);
}

/** @throws {InputError} */
export function knownParticipants(words: readonly string[]): Participants[] {
  return known("kind of participant", words, PARTICIPANTS) as Participants[];
}

/** @throws {InputError} */
export function knownWaits(words: readonly string[]): string[] {
  return known("waiting strategy", words, STRATEGIES.map(({ id }) => id));
}
