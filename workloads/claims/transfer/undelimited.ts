/** @module */
import { type Claim, Evidence, outcome } from "../claim.ts";
import { arrived } from "./arrived.ts";
import { unlessStream } from "./applies.ts";

/**
 * The notes name datagram sockets among the byte streams. UNIX and Internet datagram sockets are
 * declared messages here, and `whole-message` holds for them: the notes mean stream sockets.
 */
export const undelimited: Claim = {
  id: "undelimited",
  statement: "A byte stream keeps no boundaries: a read returns any number of the bytes written.",
  section: "43.2",
  experimentTitle: "three writes come in one read, and one write in three reads",
  value: () => "byte stream",
  inapplicable: unlessStream,
  async experiment(_facility, context) {
    const { initiator, peer, peerHandles } = await context.pair("channel");
    const evidence = new Evidence();
    await initiator.order("send", "one, ", "two, ", "three");
    if (peerHandles) await arrived(peer, peerHandles[0], 15);
    const joined = peerHandles
      ? await outcome(peer.order("read", peerHandles[0], 64))
      : await outcome(peer.order("receive", 15));
    evidence.expect("one read after three writes", "one, two, three", joined);
    await initiator.order("send", "one, two, three");
    const parts = [];
    for (const length of [3, 7, 5]) parts.push(await outcome(peer.order("receive", length)));
    evidence.expect(
      "reads of 3, 7 and 5 bytes after one write",
      ["one", ", two, ", "three"],
      parts,
    );
    return evidence.finding();
  },
};
