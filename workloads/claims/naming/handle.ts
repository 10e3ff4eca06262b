/** @module */
import type { Facility } from "../../../facilities/facility.ts";
import { readText } from "../../../facilities/libc/files.ts";
import { type Claim, Evidence, type Finding, outcome } from "../claim.ts";
import type { Context } from "../context.ts";
import { mappingOf } from "../sleep.ts";
import { mainCapability } from "../uses.ts";

export const handle: Claim = {
  id: "handle",
  statement:
    "A process holds what it opened by a descriptor, a message queue descriptor, a System V " +
    "id, or a pointer; a signal it holds by nothing.",
  section: "43.2",
  experimentTitle: "the handle is found where the kernel lists handles of that kind",
  value: ({ semantics }) => semantics.handle,
  inapplicable: () => null,
  experiment(facility, context) {
    if (facility.region) return region(facility, context);
    return TRIALS[facility.semantics.handle](facility, context);
  },
};

const TRIALS: Record<
  Facility["semantics"]["handle"],
  (facility: Facility, context: Context) => Promise<Finding>
> = {
  async descriptor(facility, context) {
    const { peer, peerHandles } = await context.pair(mainCapability(facility));
    const behind = await outcome(peer.order("behind", peerHandles?.[0] ?? -1));
    const size = await outcome(peer.order("mqMessageBytes", peerHandles?.[0] ?? -1));
    return new Evidence()
      .expect("it is listed among the process's descriptors", true, behind !== "ENOENT")
      .expect("asked as a message queue", "EBADF", size)
      .note(`it stands for ${behind}`)
      .finding();
  },

  async "message-queue-descriptor"(facility, context) {
    const { peer, peerHandles } = await context.pair(mainCapability(facility), { maxBytes: 48 });
    const size = await outcome(peer.order("mqMessageBytes", peerHandles?.[0] ?? -1));
    return new Evidence().expect("size of its messages, as mq_getattr tells", "48", size).finding();
  },

  async "ipc-id"(facility, context) {
    const { peerHandles } = await context.pair(mainCapability(facility));
    return new Evidence()
      .expect("it is listed as", "a System V object", listedAs(peerHandles?.[0] ?? -1))
      .finding();
  },

  async pointer(facility, context) {
    const capability = facility.notifier ? "notifier" : "lock";
    const { initiator, peer, peerHandles } = await context.pair(capability);
    if (capability === "lock") await initiator.order("acquire");
    const pending = peer.order(capability === "lock" ? "acquire" : "wait");
    const { call, on } = await peer.asleep(pending);
    await initiator.order(capability === "lock" ? "release" : "post");
    await pending;
    return new Evidence()
      .expect("handles besides", "none", peerHandles ? peerHandles.join(", ") : "none")
      .expect(
        "the kernel knows it, while somebody sleeps, by",
        "an address in shared memory",
        {
          futex: "an address in shared memory",
        }[call] ?? call,
      )
      .note(`in ${on}`)
      .finding();
  },

  async none(_facility, context) {
    const { peer, peerHandles, object } = await context.pair("notifier");
    const foreign = object.descriptors.length; // where participants learn each other's process id
    return new Evidence()
      .expect("handles", "none", peerHandles ? peerHandles.join(", ") : "none")
      .note(`${peer.name} has ${foreign} descriptor of the memory in which process ids are told`)
      .finding();
  },
};

/** Memory is held by what it was mapped from: an open file, or a segment with an id. */
async function region(facility: Facility, context: Context): Promise<Finding> {
  const { peer } = await context.pair("region", { maxBytes: 4096 });
  const mapping = mappingOf(peer.pid, BigInt(await peer.order("address")));
  const inode = Number(mapping?.file.split(" ")[1] ?? 0);
  const segment = mapping?.name.startsWith("/SYSV") && isListed("shm", inode);
  const nameless = mapping?.name.startsWith("/dev/zero");
  return new Evidence()
    .expect(
      "what is mapped comes from",
      {
        "ipc-id": "a segment with an id",
        pointer: "nothing",
        descriptor: "an open file",
      }[facility.semantics.handle as string] ?? facility.semantics.handle,
      segment ? "a segment with an id" : inode === 0 || nameless ? "nothing" : "an open file",
    )
    .note(`${mapping?.name}, inode or id ${inode}`)
    .finding();
}

function listedAs(id: number): string {
  return isListed("msg", id) || isListed("sem", id) ? "a System V object" : "nothing";
}

/** Whether `/proc/sysvipc` lists the id; it stands in the second column. */
function isListed(kind: string, id: number): boolean {
  return readText(`/proc/sysvipc/${kind}`).split("\n")
    .some((line) => line.trim().split(/\s+/)[1] === `${id}`);
}
