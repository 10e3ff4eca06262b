/** @module */
import type { Facility } from "../../../facilities/facility.ts";
import { type Claim, Evidence } from "../claim.ts";
import type { Context } from "../context.ts";
import { upTo } from "./applies.ts";

/** Enough to fill any facility's buffers: 16 MiB. */
const FILLING_BYTES = 16 * 2 ** 20;

export const automaticSynchronization: Claim = {
  id: "automatic-synchronization",
  statement:
    "Who reads from an empty facility sleeps until another writes; no one need arrange it.",
  section: "43.2",
  experimentTitle:
    "a reader sleeps in its call until the write, a writer in its own until the read",
  value: ({ semantics: { boundaries, whenFull } }) =>
    boundaries === "none" ? "sleeps" : `sleeps; full: ${whenFull}`,
  inapplicable: ({ semantics, channel, notifier }) =>
    !channel && !notifier
      ? "nothing is read from it"
      : semantics.emptyBlocks
      ? null
      : "who reads from it is not declared to wait",
  async experiment(facility, context) {
    const evidence = new Evidence();
    if (facility.semantics.boundaries === "none") await notified(evidence, context);
    else {
      await read(facility, evidence, context);
      if (facility.semantics.whenFull === "blocks") await full(facility, evidence, context);
    }
    return evidence.finding();
  },
};

/** Asleep on an empty facility until the write. */
async function read(facility: Facility, evidence: Evidence, context: Context): Promise<void> {
  const { initiator, peer } = await context.pair("channel");
  const message = "now".slice(0, upTo(3, facility));
  const pending = peer.order("receive", message.length);
  const { call, on } = await peer.asleep(pending);
  evidence.note(`the reader slept in ${call} on ${on}`);
  await initiator.order("send", message);
  evidence.expect("the reader, asleep until the write, then read", message, await pending);
}

/** Asleep while there is no post. */
async function notified(evidence: Evidence, context: Context): Promise<void> {
  const { initiator, peer } = await context.pair("notifier");
  const pending = peer.order("wait");
  const { call, on } = await peer.asleep(pending);
  evidence.note(`the waiting one slept in ${call} on ${on}`);
  await initiator.order("post");
  await pending;
  evidence.expect("who waited slept until the post", "woken", "woken");
}

/** Asleep on a full facility until the read, and nothing is lost. */
async function full(facility: Facility, evidence: Evidence, context: Context): Promise<void> {
  const length = upTo(4096, facility);
  const count = Math.min(FILLING_BYTES / length, 65_536);
  const { initiator, peer } = await context.pair("channel", { maxBytes: length });
  const pending = initiator.order("sendMany", count, length);
  const { call, on } = await initiator.asleep(pending);
  evidence.note(`the writer slept in ${call} on ${on}`);
  const received = await peer.order("receiveMany", count, length);
  evidence.expect("messages received in order from a writer that was held back", count, received);
  await pending;
}
