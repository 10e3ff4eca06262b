/**
 * Uses what every facility hands out after it was disposed, and prints what came of it: one line
 * before each use, so that the last one names what crashed, and one after it.
 *
 * @module
 */
import type { Capability, CreateOptions, Facility } from "../../facilities/facility.ts";
import { Scope } from "../../facilities/scope.ts";
import { BESIDE, LEAVES } from "../../facilities/taxonomy.ts";

type Use = readonly [name: string, use: () => unknown];

// What is attached is of another type for each capability.
// deno-lint-ignore no-explicit-any
type Attached = any;

/** What uses the memory behind a capability; none of it may sleep for ever where it does not throw. */
const USES: Readonly<Record<Capability, (attached: Attached) => readonly Use[]>> = {
  channel(channel) {
    channel.prepare(4);
    const payload = channel.outgoing();
    return [
      ["outgoing", () => channel.outgoing().bytes[0]],
      ["send", () => channel.send(4)],
      ["pointer of a payload", () => payload.pointer],
    ];
  },
  notifier: (notifier) => [["post", () => notifier.post()]],
  lock: ([lock]) => [["acquire", () => lock.acquire()], ["release", () => lock.release()]],
  region({ memory }) {
    const part = memory.slice(8, 8);
    return [
      ["bytes", () => memory.bytes],
      ["words", () => memory.words],
      ["pointer", () => memory.pointer],
      ["at", () => memory.at(8)],
      ["slice", () => memory.slice(8, 8)],
      ["pointer of a slice", () => part.pointer],
    ];
  },
};

async function tryAll(facility: Facility, capability: Capability, variant: string | undefined) {
  using scope = new Scope(`${folder}/${scopes++}`);
  const options = { variant, maxBytes: 4, participants: "process", count: 1, scope, wait: "spin" };
  using created = await facility[capability]!.create(options as CreateOptions);
  const attached: Attached = await facility[capability]!.attach(created.link, "solo");
  const uses = USES[capability](attached);
  for (const each of [attached].flat()) {
    each[Symbol.dispose]();
    each[Symbol.dispose]();
  }
  for (const [name, use] of uses) {
    const what = [facility.id, variant, capability, name].filter(Boolean).join(" ");
    console.log(JSON.stringify({ what }));
    console.log(JSON.stringify({ what, outcome: outcomeOf(use) }));
  }
}

function outcomeOf(use: () => unknown): string {
  try {
    use();
    return "passes";
  } catch (error) {
    return (error as Error).message;
  }
}

let scopes = 0;
const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
try {
  for (const { load } of [...LEAVES, ...BESIDE]) {
    const { facility } = await load();
    for (const capability of Object.keys(USES) as Capability[]) {
      const offer = facility[capability];
      const ids = offer?.variants ?? facility.variants?.map(({ id }) => id) ?? [undefined];
      for (const variant of offer ? ids : []) await tryAll(facility, capability, variant);
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
