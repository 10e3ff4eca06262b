/** Several readers of one end. @module */
import type { Facility } from "../../../facilities/facility.ts";
import type { Context, Pair } from "../context.ts";

/** Takes a message of so many bytes. */
export type Reader = (length: number) => Promise<string>;

/** Not used by any participant for anything else. */
const SHARED = 90;

/**
 * `count` readers in processes of their own: the peer, and others that attach as peers too, or, where
 * a facility connects just two, that got copies of the peer's descriptor. What is sent to one
 * process has just that one reader.
 */
export async function readersOf(
  facility: Facility,
  context: Context,
  { object, peer, peerHandles }: Pair,
  count: number,
): Promise<Reader[]> {
  const reads = peerHandles?.[0];
  const verb = facility.semantics.boundaries === "stream" ? "read" : "readLast";
  // A channel that counts what is lost would count what the others took.
  const byItself = facility.semantics.whenFull === "loses" && reads !== undefined;
  const readers: Reader[] = [
    (length) => byItself ? peer.order(verb, reads, length) : peer.order("receive", length),
  ];
  if (!facility.channel!.manyPeers && reads === undefined) return readers;
  while (readers.length < count) {
    const reader = await context.participant();
    if (facility.channel!.manyPeers || reads === undefined) {
      await context.inherit(object, reader);
      await context.attach(object, reader, "peer");
      readers.push((length) => reader.order("receive", length));
    } else {
      await context.handOver(peer, reader, [reads], [SHARED]);
      readers.push((length) => reader.order(verb, SHARED, length));
    }
  }
  return readers;
}
