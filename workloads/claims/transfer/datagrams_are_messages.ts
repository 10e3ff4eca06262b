/** @module */
import { type Claim, Evidence, outcome } from "../claim.ts";
import { arrived } from "./arrived.ts";
import { unlessTransfer } from "./applies.ts";

/**
 * The taxonomy's notes name datagram sockets among the byte streams, and again among the messages.
 * The first is a slip for stream sockets, which this shows with a socket of each kind.
 */
export const datagramsAreMessages: Claim = {
  id: "datagrams-are-messages",
  statement:
    "Datagram sockets carry messages and stream sockets bytes: where the notes list datagram " +
    "sockets among the byte streams, stream sockets must be meant.",
  section: "43.2",
  experimentTitle: "three writes, then one read with room for all three",
  inapplicable: (facility) =>
    unlessTransfer(facility) ?? (facility.semantics.peek ? null : "it is no socket"),
  async experiment({ semantics, title }, context) {
    const { initiator, peer, initiatorHandles, peerHandles } = await context.pair("channel");
    const texts = ["one, ", "two, ", "three"];
    for (const text of texts) await initiator.order("write", initiatorHandles?.[1] ?? -1, text);
    if (semantics.boundaries === "stream") await arrived(peer, peerHandles?.[0] ?? -1, 15);
    const read = await outcome(
      peer.order("receiveFrom", peerHandles?.[0] ?? -1, 64, 0).then(({ text }) => text),
    );
    const bytes = semantics.boundaries === "stream";
    return new Evidence()
      .expect(
        `${title}, one read after three writes`,
        bytes ? "one, two, three" : "one, ",
        read,
      )
      .finding();
  },
};
