/** @module */
import { SIGUSR2, type TakenSignal } from "../../../facilities/libc/signal.ts";
import { type Claim, Evidence, outcome } from "../claim.ts";

/** `si_code` of a signal that a message queue sent. */
const SI_MESGQ = -3;

function nameOf({ signal, code }: TakenSignal): string {
  const name = signal === SIGUSR2 ? "SIGUSR2" : `signal ${signal}`;
  return code === SI_MESGQ ? `${name} of the queue` : `${name} of a process`;
}

export const notification: Claim = {
  id: "notification",
  statement: "A POSIX queue can tell a process of a message's arrival, a System V queue cannot.",
  section: "43.1",
  experimentTitle: "mq_notify sends one signal, then has to be armed again; a System V id has none",
  inapplicable: ({ semantics }) =>
    semantics.boundaries === "message" &&
      ["message-queue-descriptor", "ipc-id"].includes(semantics.handle)
      ? null
      : "it is no message queue",
  async experiment({ semantics }, context) {
    const { initiator, peer, peerHandles } = await context.pair("channel");
    const queue = peerHandles?.[0] ?? -1;
    const arm = () => outcome(peer.order("mqNotify", queue, SIGUSR2));
    const evidence = new Evidence();
    if (semantics.handle === "ipc-id") {
      return evidence.expect("mq_notify with its id", "EBADF", await arm()).finding();
    }
    const arrival = async () => {
      await initiator.order("send", "message");
      const signals = await peer.order("takePending");
      await peer.order("receive", 7);
      return signals.map(nameOf).join(", ") || "none";
    };
    const signal = "SIGUSR2 of the queue";
    return evidence
      .expect("armed", "success", await arm())
      .expect("signal at the first arrival", signal, await arrival())
      .expect("at the second", "none", await arrival())
      .expect("armed again", "success", await arm())
      .expect("signal at the third", signal, await arrival())
      .finding();
  },
};
