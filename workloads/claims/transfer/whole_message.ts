/** @module */
import { type Claim, Evidence, outcome } from "../claim.ts";
import { unlessMessage, upTo } from "./applies.ts";

export const wholeMessage: Claim = {
  id: "whole-message",
  statement: "A read takes exactly one message, as it was written; never two in one.",
  section: "43.2",
  experimentTitle: "three messages come as three, and two do not come as one",
  value: () => "messages",
  inapplicable: unlessMessage,
  async experiment(facility, context) {
    const longest = upTo(24, facility);
    const { initiator, peer } = await context.pair("channel", { maxBytes: longest });
    const sizes = [longest >> 1, longest, longest >> 2];
    const messages = sizes.map((size, index) => "abc".charAt(index).repeat(size));
    const evidence = new Evidence();
    await initiator.order("send", ...messages);
    const received = [];
    for (const size of sizes) received.push(await outcome(peer.order("receive", size)));
    evidence.expect("three messages, three reads", messages, received);

    const half = longest >> 1;
    await initiator.order("send", "d".repeat(half), "e".repeat(half));
    const both = await outcome(peer.order("receive", half * 2));
    const joined = both === "d".repeat(half) + "e".repeat(half);
    evidence.expect("one read with room for two messages", "not both", joined ? both : "not both");
    return evidence.finding();
  },
};
