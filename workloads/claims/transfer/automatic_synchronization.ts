/** @module */
import type { Facility, Semantics } from "../../../facilities/facility.ts";
import { type Claim, Evidence, outcome } from "../claim.ts";
import type { Context } from "../context.ts";
import { describe } from "../sleep.ts";
import { isAsleep } from "../uses.ts";
import { upTo } from "./applies.ts";

/** Enough to fill any facility's buffers: 16 MiB. */
const FILLING_BYTES = 16 * 2 ** 20;
const FILLING_SIGNALS = 100;

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
      await FULL[facility.semantics.whenFull]?.(facility, evidence, context);
    }
    return evidence.finding();
  },
};

/** Asleep on an empty facility until the write. */
async function read(facility: Facility, evidence: Evidence, context: Context): Promise<void> {
  const { initiator, peer } = await context.pair("channel");
  const message = "now".slice(0, upTo(3, facility));
  const pending = peer.order("receive", message.length);
  const sleep = await peer.asleep(pending);
  evidence.note(`the reader slept in ${describe(sleep)}`);
  await initiator.order("send", message);
  evidence.expect("the reader, asleep until the write, then read", message, await pending);
}

/** Asleep while there is no post. */
async function notified(evidence: Evidence, context: Context): Promise<void> {
  const { initiator, peer } = await context.pair("notifier");
  const pending = peer.order("wait");
  const sleep = await peer.asleep(pending);
  evidence.note(`the waiting one slept in ${describe(sleep)}`);
  await initiator.order("post");
  await pending;
  evidence.expect("who waited slept until the post", "woken", "woken");
}

/** What becomes of a writer to a full facility. */
const FULL: Partial<Record<Semantics["whenFull"], typeof full>> = {
  blocks: full,
  loses: lossy,
  refuses: refused,
};

/** The writer is never held back, and what finds no room is gone. */
async function lossy(_facility: Facility, evidence: Evidence, context: Context): Promise<void> {
  const { initiator, peer, initiatorHandles, peerHandles } = await context.pair("channel");
  const [reads, writes] = [peerHandles?.[0] ?? -1, initiatorHandles?.[1] ?? -1];
  const length = 1024;
  const room = await peer.order("receiveBuffer", reads);
  const count = 2 * Math.ceil(room / length);
  const pending = initiator.order("writeMany", writes, count, length);
  if (await isAsleep(initiator, pending)) {
    evidence.expect("a full one, where nobody reads", "loses", "holds the writer up");
    return;
  }
  const received = await peer.order("drain", reads, length);
  evidence
    .expect("a full one, where nobody reads", "loses", received < count ? "loses" : "keeps all")
    .note(`of ${count} messages sent without waiting, ${received} were received`);
}

/** The writer gets an error. */
async function refused(_facility: Facility, evidence: Evidence, context: Context): Promise<void> {
  const { initiator, peer } = await context.pair("channel");
  await initiator.order("send", "sent");
  const [own] = await peer.order("takePending");
  await peer.order("allowPending", 0);
  const sent = initiator.order("queueSignal", peer.pid, own?.signal ?? 0, 0, FILLING_SIGNALS);
  evidence.expect("a full one, to who sends", "EAGAIN", await outcome(sent, "EAGAIN"));
}

/** Asleep on a full facility until the read, and nothing is lost. */
async function full(facility: Facility, evidence: Evidence, context: Context): Promise<void> {
  const length = upTo(4096, facility);
  const count = Math.min(FILLING_BYTES / length, 65_536);
  const { initiator, peer } = await context.pair("channel", { maxBytes: length });
  const pending = initiator.order("sendMany", count, length);
  const sleep = await initiator.asleep(pending);
  evidence.note(`the writer slept in ${describe(sleep)}`);
  const received = await peer.order("receiveMany", count, length);
  evidence.expect("messages received in order from a writer that was held back", count, received);
  await pending;
}
