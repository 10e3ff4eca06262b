/** @module */
import type { Facility } from "../../../facilities/facility.ts";
import { MSG_DONTWAIT, MSG_TRUNC } from "../../../facilities/libc/sys_socket.ts";
import { type Claim, Evidence, outcome } from "../claim.ts";
import type { Pair } from "../context.ts";
import { unlessMessage, upTo } from "./applies.ts";

const MESSAGE = "a whole message";
const ROOM = 7;

export const noPartialMessage: Claim = {
  id: "no-partial-message",
  statement: "It is not possible to read a part of a message and leave the rest.",
  section: "43.2",
  experimentTitle: "a read with too little room gets an error or a cut message; no rest stays",
  inapplicable: (facility) =>
    unlessMessage(facility) ??
      (upTo(MESSAGE.length, facility) < MESSAGE.length
        ? `its messages have at most ${upTo(MESSAGE.length, facility)} bytes, read at once`
        : null),
  async experiment(facility, context) {
    const pair = await context.pair("channel");
    // The channel of UDP puts a header in front of the message.
    if (facility.semantics.handle === "descriptor") {
      await pair.initiator.order("write", pair.initiatorHandles?.[1] ?? -1, MESSAGE);
    } else await pair.initiator.order("send", MESSAGE);
    return await TRIALS[facility.semantics.handle]!(pair, new Evidence());
  },
};

type Handle = Facility["semantics"]["handle"];
type Trial = (pair: Pair, evidence: Evidence) => Promise<ReturnType<Evidence["finding"]>>;

const TRIALS: Partial<Record<Handle, Trial>> = {
  /** A socket. */
  async descriptor({ peer, peerHandles }, evidence) {
    const fd = peerHandles?.[0] ?? -1;
    const receive = (room: number, flags: number) =>
      outcome(
        peer.order("receiveFrom", fd, room, flags).then(({ text, count }) => `${text} (${count})`),
      );
    return evidence
      .expect(
        `recv with room for ${ROOM} bytes and MSG_TRUNC, which tells the message's length`,
        `${MESSAGE.slice(0, ROOM)} (${MESSAGE.length})`,
        await receive(ROOM, MSG_TRUNC),
      )
      .expect("recv of the rest", "EAGAIN", await receive(64, MSG_DONTWAIT))
      .finding();
  },

  async "message-queue-descriptor"({ peer, peerHandles }, evidence) {
    const queue = peerHandles?.[0] ?? -1;
    const receive = (room: number) => outcome(peer.order("mqReceive", queue, room));
    return evidence
      .expect(`mq_receive with room for ${ROOM} bytes`, "EMSGSIZE", await receive(ROOM))
      .expect("mq_receive with room for all", MESSAGE, await receive(64))
      .finding();
  },

  async "ipc-id"({ peer, peerHandles }, evidence) {
    const id = peerHandles?.[0] ?? -1;
    const receive = (room: number, cut: boolean) =>
      outcome(peer.order("msgReceive", id, room, 0, cut));
    return evidence
      .expect(`msgrcv with room for ${ROOM} bytes`, "E2BIG", await receive(ROOM, false))
      .expect("the same with MSG_NOERROR", MESSAGE.slice(0, ROOM), await receive(ROOM, true))
      .expect("msgrcv of the rest", "ENOMSG", await receive(64, false))
      .finding();
  },
};
