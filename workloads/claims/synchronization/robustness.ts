/** @module */
import type { Facility, Semantics } from "../../../facilities/facility.ts";
import { type Claim, Evidence, outcome } from "../claim.ts";
import type { Context } from "../context.ts";
import { Refusal } from "../refusal.ts";
import { isAsleep } from "../uses.ts";

type Fate = NonNullable<Semantics["holderDies"]>;

/** What the next who asks for the lock must see, once its holder was killed. */
const NEXT: Record<Fate, string> = {
  released: "has it",
  undone: "has it",
  reported: "has it, told by EOWNERDEAD",
  stuck: "sleeps on",
};

export const robustness: Claim = {
  id: "robustness",
  statement:
    "What becomes of a lock whose holder dies differs: file locks are released, a robust " +
    "mutex reports it, SEM_UNDO undoes it, other semaphores stay taken.",
  section: "43.1",
  experimentTitle: "the holder is killed while another sleeps for the lock",
  value: (facility) => [...new Set(fatesOf(facility).map(([, fate]) => fate))].join(" or "),
  inapplicable: ({ semantics, lock }) =>
    lock && semantics.holderDies ? null : "nothing is held by it",
  async experiment(facility, context) {
    const evidence = new Evidence();
    for (const [variant, fate] of fatesOf(facility)) {
      const what = variant ? `the next one, variant ${variant}` : "the next one";
      evidence.expect(what, NEXT[fate], await afterDeath(fate, context, variant));
    }
    return evidence.finding();
  },
};

/** The variants of the lock, and what becomes of each. */
function fatesOf({ semantics, variants, lock }: Facility): [string | undefined, Fate][] {
  const offered = variants?.filter(({ id }) => lock!.variants?.includes(id) ?? true) ?? [];
  if (offered.length === 0) return [[undefined, semantics.holderDies!]];
  return offered.map(({ id, semantics: own }) => [id, own?.holderDies ?? semantics.holderDies!]);
}

async function afterDeath(fate: Fate, context: Context, variant?: string): Promise<string> {
  const { object, initiator, peer } = await context.pair("lock", { variant });
  if (fate === "reported") {
    // The contract's lock takes the mutex over in silence; here the error is wanted.
    const third = await context.participant();
    third.spent = true; // it keeps the mutex
    await context.inherit(object, third);
    await initiator.order("acquire");
    const pending = third.order("lockMutex", object.link.page, 0);
    try {
      if (!await isAsleep(third, pending)) return "had it before";
      await initiator.kill();
      return `has it, told by ${await outcome(pending)}`;
    } catch (error) {
      // The C library looks at what it is to lock.
      if (error instanceof Refusal && error.signal === "SIGABRT") return "is told it is no mutex";
      throw error;
    }
  }
  await initiator.order("acquire");
  const pending = peer.order("acquire");
  if (!await isAsleep(peer, pending)) return "had it before";
  await initiator.kill();
  return await isAsleep(peer, pending) ? "sleeps on" : "has it";
}
