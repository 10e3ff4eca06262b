/** @module */
import { O_RDWR } from "../../../facilities/libc/fcntl.ts";
import { type Claim, Evidence } from "../claim.ts";
import type { Context } from "../context.ts";
import { isAsleep } from "../uses.ts";

/** Not used by any participant for anything else. */
const COPY = 90;

const [kept, vanished] = ["kept", "vanished"];

export const lockOwnership: Claim = {
  id: "lock-ownership",
  statement: "A record lock belongs to the process and vanishes when it closes any descriptor of " +
    "the file; OFD and flock locks belong to the open file and vanish with its last descriptor.",
  section: "43.1",
  experimentTitle:
    "the file is opened and closed once more; the holder dies while another has a copy",
  value: ({ semantics }) => semantics.lockOwner!,
  inapplicable: ({ semantics, lock }) =>
    lock && semantics.lockOwner ? null : "it is no lock on a file",
  async experiment({ semantics }, context) {
    const ofProcess = semantics.lockOwner === "process";
    return new Evidence()
      .expect(
        "lock after its process opened the file once more and closed that",
        ofProcess ? vanished : kept,
        await afterClose(context) ? kept : vanished,
      )
      .expect(
        "lock of a dead process of whose descriptor another has a copy",
        ofProcess ? vanished : kept,
        await afterDeath(context),
      )
      .finding();
  },
};

/** Whether the lock is still kept after another descriptor of the file was closed. */
async function afterClose(context: Context): Promise<boolean> {
  const { initiator, peer, initiatorHandles } = await context.pair("lock");
  await initiator.order("acquire");
  const path = await initiator.order("behind", initiatorHandles![0]);
  await initiator.order("close", await initiator.order("openFile", path, O_RDWR));
  return await isAsleep(peer, peer.order("acquire"));
}

/** Whether it is still kept when a copy of the dead holder's descriptor is open, until that closes. */
async function afterDeath(context: Context): Promise<string> {
  const { initiator, peer, initiatorHandles } = await context.pair("lock");
  const heir = await context.participant();
  await initiator.order("acquire");
  await context.handOver(initiator, heir, [initiatorHandles![0]], [COPY]);
  await initiator.kill();
  const pending = peer.order("acquire");
  if (!await isAsleep(peer, pending)) return vanished;
  await heir.order("close", COPY);
  return await isAsleep(peer, pending) ? "kept even when the copy was closed" : kept;
}
