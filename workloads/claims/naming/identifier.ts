/** @module */
import type { Facility } from "../../../facilities/facility.ts";
import { NOBODY } from "../../../facilities/libc/linux_credentials.ts";
import { geteuid } from "../../../facilities/libc/unistd.ts";
import { type Claim, Evidence, type Finding, outcome } from "../claim.ts";
import type { Context } from "../context.ts";
import { upTo } from "../transfer/applies.ts";
import { isAsleep, mainCapability, tryOut, useAlone, WORKS } from "../uses.ts";
import { isConnectionless, sendByAddress } from "./by_address.ts";
import { byName } from "./named.ts";

export const identifier: Claim = {
  id: "identifier",
  statement:
    "An unrelated process finds an object by its name: a pathname, a key, a POSIX name, an " +
    "address, a process id; what has no name it cannot find.",
  section: "43.2",
  experimentTitle: "a process that inherited nothing opens it by its name, or fails to",
  value: ({ semantics }) => semantics.identifier,
  inapplicable: () => null,
  experiment(facility, context) {
    switch (facility.semantics.identifier) {
      case "none":
        return nameless(facility, context, new Evidence());
      case "process-id":
        return byProcessId(facility, context);
      default:
        return named(facility, context);
    }
  },
};

async function named(facility: Facility, context: Context): Promise<Finding> {
  const capability = mainCapability(facility);
  const [owner, stranger] = [await context.participant(), await context.participant()];
  const object = await context.create(owner, capability, byName(facility));
  if (isConnectionless(facility)) {
    const evidence = new Evidence()
      .expect(
        "a stranger who knows the address",
        WORKS,
        await sendByAddress(context, object, stranger),
      )
      .note("tried with another socket of that kind: its own are connected to each other");
    return await andNameless(facility, context, evidence);
  }
  await Promise.all([
    context.attach(object, owner, "initiator"),
    context.attach(object, stranger, "peer"),
  ]);
  const result = await tryOut(capability, owner, stranger, upTo(4, facility));
  const evidence = new Evidence()
    .expect(`a stranger who knows the ${facility.semantics.identifier}`, WORKS, result);
  return await andNameless(facility, context, evidence);
}

/** Where the usual variant has no name: that this one cannot be found. */
async function andNameless(
  facility: Facility,
  context: Context,
  evidence: Evidence,
): Promise<Finding> {
  const usual = facility.variants?.[0]?.semantics?.identifier;
  return usual === "none" ? await nameless(facility, context, evidence) : evidence.finding();
}

/** How the kernel turns away who has no descriptor, or no right to look into the owner. */
const TURNED_AWAY = ["EBADF", "EACCES", "EPERM"] as const;

async function nameless(
  facility: Facility,
  context: Context,
  evidence: Evidence,
): Promise<Finding> {
  const capability = mainCapability(facility);
  const [owner, stranger] = [await context.participant(), await context.participant()];
  const object = await context.create(owner, capability);
  // Root may open the memory of any process, where no descriptor is needed.
  if (geteuid() === 0 && facility.semantics.handle === "pointer") {
    await stranger.order("becomeUser", NOBODY, NOBODY);
  }
  const alone = await outcome(
    context.attach(object, stranger, "peer").then(() => useAlone(capability, stranger)),
    ...TURNED_AWAY,
  );
  const refused = TURNED_AWAY.some((each) => each === alone);
  evidence
    .expect("a stranger who knows its numbers", "refused", refused ? "refused" : alone)
    .note(`refused with ${alone}`);
  await stranger.order("reset");
  await context.inherit(object, stranger);
  await Promise.all([
    context.attach(object, owner, "initiator"),
    context.attach(object, stranger, "peer"),
  ]);
  const result = await tryOut(capability, owner, stranger, upTo(4, facility));
  const handed = object.descriptors.length > 0 ? "handed its descriptors" : "with privileges";
  return evidence.expect(handed, WORKS, result).finding();
}

async function byProcessId(_facility: Facility, context: Context): Promise<Finding> {
  const { initiator, peer } = await context.pair("notifier");
  await initiator.order("post");
  const [own] = await peer.order("takePending");
  if (!own) return new Evidence().expect("what a post arrives as", "a signal", "none").finding();
  const stranger = await context.participant();
  const pending = peer.order("wait");
  await peer.asleep(pending);
  await stranger.order("sendSignal", peer.pid, own.signal);
  const woken = !await isAsleep(peer, pending);
  return new Evidence()
    .expect("a stranger who knows the process id", "wakes it", woken ? "wakes it" : "lets it sleep")
    .finding();
}
