/** @module */
import { type Claim, Evidence } from "../claim.ts";
import { unlessRegion } from "./applies.ts";

export const notDestructive: Claim = {
  id: "not-destructive",
  statement:
    "Reading shared memory consumes nothing: every reader sees the same, as often as it looks.",
  section: "43.2",
  experimentTitle: "three readers look twice and all see the value",
  value: () => "not destructive",
  inapplicable: unlessRegion,
  async experiment(_facility, context) {
    const { object, initiator, peer } = await context.pair("region", { maxBytes: 4096, count: 3 });
    const third = await context.participant();
    await context.inherit(object, third);
    await context.attach(object, third, "peer");
    const evidence = new Evidence();
    await initiator.order("store", 0, 4711);
    for (const reader of [initiator, peer, third, initiator, peer, third]) {
      evidence.expect(`a look of ${roleOf(reader)}`, 4711, await reader.order("load", 0));
    }
    return evidence.finding();

    function roleOf(reader: unknown): string {
      return reader === initiator
        ? "the writer"
        : reader === peer
        ? "one reader"
        : "another reader";
    }
  },
};
