import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  knownParticipants,
  knownPlacements,
  knownWaits,
  knownWorkloads,
  PARTICIPANTS,
  PLACEMENT_WORDS,
} from "../../cli/dimensions.ts";
import { facilitySources } from "../../cli/facilities.ts";
import { facetOf } from "../../cli/compare/fleet.ts";
import { STRATEGIES } from "../../facilities/communication/shared_memory/waiting.ts";
import { BESIDE, LEAVES } from "../../facilities/taxonomy.ts";
import { FACETS } from "../../reports/fleet/fleet_run.ts";
import { WORKLOADS } from "../../workloads/catalogue.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { command } from "./command.ts";

const leaves = [...LEAVES, ...BESIDE];
const waits = STRATEGIES.map(({ id }) => id);

/** Every option of words that an error of its own refuses, and all of its words. */
const KINDS: [refuse: (word: string) => unknown, words: readonly string[]][] = [
  [(word) => facilitySources([word], leaves), leaves.map(({ id }) => id)],
  [(word) => knownWorkloads([word]), WORKLOADS],
  [(word) => knownPlacements([word]), PLACEMENT_WORDS],
  [(word) => knownParticipants([word]), PARTICIPANTS],
  [(word) => knownWaits([word]), waits],
  [facetOf, FACETS],
];

Deno.test("an unknown word is told all valid ones, or a list that has them", async () => {
  const { code, out } = await command("list");
  assertEquals(code, 0);
  for (const [refuse, words] of KINDS) {
    const { message } = assertThrows(() => refuse("foo"), InputError);
    const shown = message.includes("deno task list") ? out : message;
    const listed = new Set(shown.match(/[a-z][\w-]*/g));
    assertEquals(words.filter((word) => !listed.has(word)), [], message);
  }
});

Deno.test("list shows waiting strategies and placements, and what of those this machine has", async () => {
  const { code, out } = await command("list", "--json", "-");
  assertEquals(code, 0);
  const listed = JSON.parse(out);
  assertEquals(listed.waits.map(({ id }: { id: string }) => id), waits);
  assertEquals(listed.placements.map(({ id }: { id: string }) => id), PLACEMENT_WORDS);
  const same = listed.placements.find(({ id }: { id: string }) => id === "same-cpu");
  assert(same.cpus.length === 2 && same.cpus[0] === same.cpus[1], JSON.stringify(same));
});
