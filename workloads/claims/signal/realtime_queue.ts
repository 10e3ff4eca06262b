/** @module */
import { SIGRTMAX, SIGRTMIN } from "../../../facilities/libc/signal.ts";
import { type Claim, Evidence } from "../claim.ts";

const SENT = 100;

export const realtimeQueue: Claim = {
  id: "realtime-queue",
  statement:
    "Realtime signals queue, each with a value; of several numbers the lowest comes first.",
  section: "43.1",
  experimentTitle: "a hundred sent, a hundred delivered in order; the lower number overtakes",
  inapplicable: ({ semantics }) =>
    semantics.order === "signal-number"
      ? null
      : "it is not declared to be ordered by signal number",
  async experiment(_facility, context) {
    const { initiator, peer } = await context.pair("channel", { maxBytes: 4 });
    await initiator.order("sendMany", SENT, 4);
    const taken = await peer.order("takePending");
    const inOrder = taken.filter(({ value }, index) => value === index).length;
    const evidence = new Evidence()
      .expect(`delivered of ${SENT}`, SENT, taken.length)
      .expect("delivered with the value that was due", SENT, inOrder);
    const used = taken[0]?.signal ?? 0;
    const [lower, higher] = used === SIGRTMAX ? [SIGRTMIN, used] : [used, SIGRTMAX];
    await initiator.order("queueSignal", peer.pid, higher, 1);
    await initiator.order("queueSignal", peer.pid, lower, 2);
    const overtaken = await peer.order("takePending");
    return evidence
      .expect(
        "order after the higher number was sent first",
        [lower, higher],
        overtaken.map(
          ({ signal }) => signal,
        ),
      )
      .finding();
  },
};
