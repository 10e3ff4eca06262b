/** @module */
import { MSG_DONTWAIT, MSG_PEEK } from "../../../facilities/libc/sys_socket.ts";
import { type Claim, Evidence, outcome } from "../claim.ts";
import { unlessTransfer, upTo } from "./applies.ts";

export const peek: Claim = {
  id: "peek",
  statement: "With MSG_PEEK, a socket is read without consuming what is there.",
  section: "43.2",
  experimentTitle: "two looks show what the read then takes; after it nothing is left",
  value: () => "yes",
  inapplicable: (facility) =>
    unlessTransfer(facility) ?? (facility.semantics.peek ? null : "it is no socket"),
  async experiment(facility, context) {
    const { initiator, peer, initiatorHandles, peerHandles } = await context.pair("channel");
    const [fd] = peerHandles ?? [-1];
    const message = "seen, not taken".slice(0, upTo(15, facility));
    await initiator.order("write", initiatorHandles?.[1] ?? -1, message);
    const receive = (flags: number) =>
      outcome(
        peer.order("receiveFrom", fd, 64, flags).then(({ text }) => text),
      );
    return new Evidence()
      .expect("first look", message, await receive(MSG_PEEK))
      .expect("second look", message, await receive(MSG_PEEK))
      .expect("read", message, await receive(0))
      .expect("third look", "EAGAIN", await receive(MSG_PEEK | MSG_DONTWAIT))
      .finding();
  },
};
