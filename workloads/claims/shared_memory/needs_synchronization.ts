/** @module */
import { type Claim, Evidence } from "../claim.ts";
import { unlessRegion } from "./applies.ts";

const WORD = 0;

export const needsSynchronization: Claim = {
  id: "needs-synchronization",
  statement: "Shared memory synchronizes no one: two who change it at once lose an update.",
  section: "43.2",
  experimentTitle: "read, read, write, write: of 1 added and 10 added only the later remains",
  inapplicable: unlessRegion,
  async experiment(_facility, context) {
    const { initiator, peer } = await context.pair("region", { maxBytes: 4096 });
    await initiator.order("store", WORD, 100);
    const [first, second] = [await initiator.order("load", WORD), await peer.order("load", WORD)];
    await initiator.order("store", WORD, first + 1);
    await peer.order("store", WORD, second + 10);
    return new Evidence()
      .expect("what both read", [100, 100], [first, second])
      .expect("what the first sees in the end", 110, await initiator.order("load", WORD))
      .expect("what the second sees in the end", 110, await peer.order("load", WORD))
      .finding();
  },
};
