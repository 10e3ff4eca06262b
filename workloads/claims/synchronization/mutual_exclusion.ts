/** @module */
import { type Claim, Evidence } from "../claim.ts";
import { isAsleep } from "../uses.ts";

const WORD = 0;
/** Where the counter lies that two participants add to. */
const MEMORY = "posix-shared-memory";

export const mutualExclusion: Claim = {
  id: "mutual-exclusion",
  statement: "With a lock around it, two who change shared memory at once lose no update.",
  section: "43.2",
  experimentTitle: "the second asks for the lock between the first's read and write, and sleeps",
  inapplicable: ({ lock }) => lock ? null : "it is no lock",
  async experiment(_facility, context) {
    const { initiator, peer } = await context.pair("lock");
    const memory = await context.create(initiator, "region", { maxBytes: 4096 }, MEMORY);
    for (const [who, role] of [[initiator, "initiator"], [peer, "peer"]] as const) {
      await context.attach(memory, who, role, MEMORY);
    }
    await initiator.order("store", WORD, 100);

    await initiator.order("acquire");
    const first = await initiator.order("load", WORD);
    const pending = peer.order("acquire");
    const excluded = await isAsleep(peer, pending);
    const evidence = new Evidence().expect(
      "the second, while the first has the lock",
      "asleep",
      excluded ? "asleep" : "has it, too",
    );
    if (!excluded) return evidence.finding();
    await initiator.order("store", WORD, first + 1);
    await initiator.order("release");
    await pending;
    await peer.order("store", WORD, await peer.order("load", WORD) + 10);
    await peer.order("release");
    return evidence
      .expect("100 after 1 and 10 were added", 111, await initiator.order("load", WORD))
      .finding();
  },
};
