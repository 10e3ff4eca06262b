/** @module */
import type { Semantics } from "../../../facilities/facility.ts";
import { SIGRTMIN } from "../../../facilities/libc/signal.ts";
import { type Claim, Evidence } from "../claim.ts";
import type { Pair } from "../context.ts";
import { unlessTransfer, upTo } from "./applies.ts";

/** Sends in one order, receives in another; each returns both. */
const TRIALS: Record<
  Exclude<Semantics["order"], "none">,
  (pair: Pair, size: number) => Promise<{ due: string[]; came: string[] }>
> = {
  async sending({ initiator, peer }, size) {
    const due = ["1", "2", "3", "4", "5"].map((each) => each.repeat(size));
    await initiator.order("send", ...due);
    const came = [];
    for (const _ of due) came.push(await peer.order("receive", size));
    return { due, came };
  },

  async priority({ initiator, peer, initiatorHandles, peerHandles }) {
    const sent: [string, number][] = [["low", 1], ["high", 9], ["middle", 5], ["also high", 9]];
    for (const [text, priority] of sent) {
      await initiator.order("mqSend", initiatorHandles![1], text, priority);
    }
    const came = [];
    for (const _ of sent) came.push(await peer.order("mqReceive", peerHandles![0], 64));
    return { due: ["high", "also high", "middle", "low"], came };
  },

  async type({ initiator, peer, initiatorHandles, peerHandles }) {
    const sent: [string, number][] = [["three", 3], ["one", 1], ["two", 2], ["one again", 1]];
    for (const [text, type] of sent) {
      await initiator.order("msgSend", initiatorHandles![1], text, type);
    }
    const came = [];
    // Type 2 alone, the lowest up to 2, the lowest up to 2, whatever is there.
    for (const type of [2, -2, -2, 0]) {
      came.push(await peer.order("msgReceive", peerHandles![0], 64, type));
    }
    return { due: ["two", "one", "one again", "three"], came };
  },

  async "signal-number"({ initiator, peer }) {
    await initiator.order("send", "abcd");
    const [own] = await peer.order("takePending");
    if (!own) return { due: ["a signal"], came: ["none"] };
    const sent = [9, 3, 6].map((above) => SIGRTMIN + above);
    for (const signal of sent) await initiator.order("queueSignal", peer.pid, signal, 0);
    const came = (await peer.order("takePending")).map(({ signal }) => `${signal}`);
    return { due: sent.toSorted((a, b) => a - b).map(String), came };
  },
};

export const priority: Claim = {
  id: "priority",
  statement:
    "A POSIX queue gives messages out by priority, a System V queue by type; others keep " +
    "the order of sending.",
  section: "43.2",
  experimentTitle: "what is sent in one order is received in the order declared",
  value: ({ semantics }) => semantics.order,
  inapplicable: (facility) =>
    unlessTransfer(facility) ??
      (facility.semantics.order === "none" ? "what is sent by it has no order" : null),
  async experiment(facility, context) {
    const { order } = facility.semantics;
    const pair = await context.pair("channel");
    const { due, came } = await TRIALS[order as Exclude<typeof order, "none">](
      pair,
      upTo(4, facility),
    );
    const by = order === "sending" ? "in the order of sending" : `by ${order.replace("-", " ")}`;
    return new Evidence().expect(`received ${by}`, due, came).finding();
  },
};
