/** @module */
import type { Facility } from "../../../facilities/facility.ts";
import { O_RDWR } from "../../../facilities/libc/fcntl.ts";
import { NOBODY } from "../../../facilities/libc/linux_credentials.ts";
import { geteuid } from "../../../facilities/libc/unistd.ts";
import { cannotTry, type Claim, Evidence, type Finding, notApplicable, outcome } from "../claim.ts";
import type { Context, Made } from "../context.ts";
import type { ProcessParticipant } from "../crew.ts";
import { mappingOf } from "../sleep.ts";
import { upTo } from "../transfer/applies.ts";
import { mainCapability, tryOut, useAlone, WORKS } from "../uses.ts";
import { isConnectionless, sendByAddress } from "./by_address.ts";
import { byName } from "./named.ts";

export const accessibility: Claim = {
  id: "accessibility",
  statement: "Who may use an object is said by a permission mask, by kinship, by whose memory or " +
    "process it is, or by nothing.",
  section: "43.2",
  experimentTitle: "its owner opens it, and then the same process as another user",
  value: ({ semantics }) => semantics.accessibility,
  inapplicable: () => null,
  async experiment(facility, context) {
    if (geteuid() !== 0) {
      return cannotTry(accessibility.experimentTitle, {
        what: "only root can become another user, this one gets EPERM",
        remedy: "run it with sudo",
      });
    }
    const finding = await TRIALS[facility.semantics.accessibility](facility, context);
    const root = "root is refused nothing of this, whatever the mask says";
    return { ...finding, reason: finding.reason ? `${finding.reason}; ${root}` : root };
  },
};

/** How the kernel turns another user away. */
const REFUSED = ["EACCES", "EPERM"] as const;

type Trial = (facility: Facility, context: Context) => Promise<Finding>;

const TRIALS: Record<Facility["semantics"]["accessibility"], Trial> = {
  async "permission-mask"(facility, context) {
    const { owner, stranger, object } = await made(facility, context);
    const evidence = new Evidence()
      .expect("its owner", WORKS, await use(facility, context, object, owner, stranger));
    const another = await context.create(owner, object.capability, byName(facility));
    await becomeNobody(context, another, stranger);
    const again = outcome(
      context.attach(another, stranger, "peer")
        .then(() => useAlone(object.capability, stranger)).then(() => "uses it"),
      ...REFUSED,
    );
    return evidence.expect("another user", "EACCES", await again).finding();
  },

  async "any-process"(facility, context) {
    const { owner, stranger, object } = await made(facility, context);
    await becomeNobody(context, object, stranger);
    const result = isConnectionless(facility)
      ? sendByAddress(context, object, stranger)
      : use(facility, context, object, owner, stranger);
    return new Evidence()
      .expect("another user", WORKS, await outcome(result, ...REFUSED))
      .finding();
  },

  async "related-processes"(facility, context) {
    const { owner, stranger, object } = await made(facility, context);
    await becomeNobody(context, object, stranger);
    const [fd] = object.descriptors;
    if (fd === undefined) {
      const result = await outcome(
        context.attach(object, stranger, "peer").then(() => "opens it"),
        ...REFUSED,
      );
      await context.attach(object, owner, "initiator");
      const mapping = mappingOf(owner.pid, BigInt(await owner.order("address")));
      const nameless = mapping?.name.startsWith("/dev/zero");
      return new Evidence()
        .expect("another user", "EACCES", result)
        .expect("name by which a relative could open it", "none", nameless ? "none" : mapping!.name)
        .finding();
    }
    return new Evidence()
      .expect(
        "another user who looks for it in the owner's process",
        "EACCES",
        await outcome(
          stranger.order("openFile", `/proc/${owner.pid}/fd/${fd}`, O_RDWR),
          ...REFUSED,
        ),
      )
      .expect(
        "another user whom the owner handed it",
        WORKS,
        await inherited(facility, context, object, owner, stranger),
      )
      .finding();
  },

  "underlying-memory": (facility, context) => TRIALS["related-processes"](facility, context),

  async "same-user"(_facility, context) {
    const { initiator, peer, object } = await context.pair("notifier");
    await initiator.order("post");
    const [own] = await peer.order("takePending");
    const stranger = await context.participant();
    const send = () => stranger.order("sendSignal", peer.pid, own?.signal ?? 0);
    const evidence = new Evidence()
      .expect("what a post arrives as", "a signal", own ? "a signal" : "nothing")
      .expect("another process of the user", "success", await outcome(send()));
    await becomeNobody(context, object, stranger);
    return evidence.expect("another user", "EPERM", await outcome(send(), ...REFUSED)).finding();
  },

  "same-process": () =>
    Promise.resolve(notApplicable("what one process has for itself, no other can try")),
};

async function made(facility: Facility, context: Context) {
  const [owner, stranger] = [await context.participant(), await context.participant()];
  const object = await context.create(owner, mainCapability(facility), byName(facility));
  return { owner, stranger, object };
}

/** Both attach, and use it together. */
async function use(
  facility: Facility,
  context: Context,
  object: Made,
  owner: ProcessParticipant,
  other: ProcessParticipant,
): Promise<string> {
  await Promise.all([
    context.attach(object, owner, "initiator"),
    context.attach(object, other, "peer"),
  ]);
  return await tryOut(object.capability, owner, other, upTo(4, facility));
}

async function inherited(...[facility, context, object, owner, other]: Parameters<typeof use>) {
  await context.inherit(object, other);
  return await use(facility, context, object, owner, other);
}

/** The folders become passable, so that the object's own mask is what decides. */
async function becomeNobody(
  context: Context,
  object: Made,
  stranger: ProcessParticipant,
): Promise<void> {
  for (const folder of context.foldersOf(object)) {
    await object.owner.order("changeMode", folder, 0o711);
  }
  await stranger.order("loadOnly", context.reference);
  await stranger.order("becomeUser", NOBODY, NOBODY);
}
