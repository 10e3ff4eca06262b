/** @module */
import { type Claim, Evidence } from "../claim.ts";

const SENT = 100;

export const signalNumber: Claim = {
  id: "signal-number",
  statement: "A standard signal says no more than its number: many that are pending become one.",
  section: "43.1",
  experimentTitle: "of a hundred sent while it is blocked, one is delivered, without a value",
  inapplicable: ({ semantics }) =>
    semantics.whenFull === "coalesces" ? null : "what is sent by it is not declared to coalesce",
  async experiment(_facility, context) {
    const { initiator, peer } = await context.pair("notifier");
    await initiator.order("post", SENT);
    const taken = await peer.order("takePending");
    await initiator.order("post");
    const again = await peer.order("takePending");
    const shown = (signals: typeof taken) =>
      signals.map(({ signal, value }) => `${signal} with value ${value}`);
    return new Evidence()
      .expect(`delivered of ${SENT}`, 1, taken.length)
      .expect("what came with it", 0, taken[0]?.value ?? "nothing")
      .expect("delivered of one more", shown(taken), shown(again))
      .finding();
  },
};
