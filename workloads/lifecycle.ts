/**
 * Lifecycle: what it costs to make a link, to open both of its ends, to close them and to remove it.
 *
 * A link carries messages both ways, so that where one object goes one way only (a pipe, a queue) it
 * is two of them; of shared memory it is one page. Names are chosen, and noted for cleaning up, before
 * the time is taken, and the pages of an end's buffers are kept from one link to the next.
 *
 * @module
 */
import { Memory } from "../facilities/libc/memory.ts";
import { now } from "../facilities/libc/time.ts";
import type { Offered, Outcome, Task, Workload } from "./workload.ts";

/** The moments between which the steps lie. */
const STEPS = ["create", "open", "close", "remove"] as const;

async function live(offer: Offered, { count, lead, stamps, parameters }: Task): Promise<Outcome> {
  const step = STEPS.indexOf(parameters.step as typeof STEPS[number]);
  const moments = new Float64Array(STEPS.length + 1);
  const [from, to] = step < 0 ? [0, STEPS.length] : [step, step + 1];
  let start = 0;
  for (let turn = -lead; turn < count; turn++) {
    moments[0] = now();
    if (turn === 0) start = moments[0];
    const creating = offer.create();
    const created = creating instanceof Promise ? await creating : creating;
    moments[1] = now();
    const attaching = offer.attach(created.link);
    const ends = attaching instanceof Promise ? await attaching : attaching;
    moments[2] = now();
    if (Symbol.dispose in ends) ends[Symbol.dispose]();
    else for (const end of ends) end[Symbol.dispose]();
    moments[3] = now();
    created[Symbol.dispose]();
    moments[4] = now();
    if (turn >= 0) stamps[turn] = moments[to]! - moments[from]!;
  }
  return { start, end: now(), operations: count, stamps: count, errors: 0 };
}

export const workload: Workload<"offer"> = {
  id: "lifecycle",
  title: "Lifecycle",
  summary: "Create a link, open both ends, close them, remove it.",
  needs: "offer",
  figure: "latency",
  unit: "ns",
  better: "lower",
  sized: false,
  secondary: true,
  waits: ["futex"],
  counts: [1],
  obstacle: ({ facility, point: { parameters } }) =>
    facility.semantics.identifier === "none" && !facility.region &&
      /open|close/.test(`${parameters?.step}`)
      ? "it has no name to open it by: its ends come into being with it"
      : null,
  points: () => [{ count: 1 }, ...STEPS.map((step) => ({ count: 1, parameters: { step } }))],
  pace: "count",
  single: true,
  prepare: () => Memory.keepPages(),
  loop: () => live,
  collect: ({ stamps }, outcome) => ({ samples: stamps.slice(0, outcome.stamps) }),
};
