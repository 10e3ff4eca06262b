/** @module */
import type { Capability, Facility } from "../../../facilities/facility.ts";
import { POLLIN } from "../../../facilities/libc/poll.ts";
import { ftok } from "../../../facilities/libc/sys_ipc.ts";
import { type Claim, Evidence, type Finding, outcome } from "../claim.ts";
import type { Context, Pair } from "../context.ts";
import { upTo } from "../transfer/applies.ts";
import { isAsleep, mainCapability, tryOut, WORKS } from "../uses.ts";

export const similarFacilities: Claim = {
  id: "similar-facilities",
  statement:
    "Later facilities mend earlier ones: POSIX objects count their users and have names of " +
    "their own, System V objects vanish under their users and share keys.",
  section: "43.1",
  experimentTitle: "the object is removed while two use it; names are told apart, keys are not",
  inapplicable: ({ semantics }) =>
    ["posix-name", "key"].includes(semantics.identifier)
      ? null
      : "it has no counterpart in the other family",
  async experiment(facility, context) {
    const capability = mainCapability(facility);
    const pair = await context.pair(capability);
    return facility.semantics.identifier === "key"
      ? await systemV(facility, pair)
      : await posix(facility, context, pair);
  },
};

async function posix(facility: Facility, context: Context, pair: Pair): Promise<Finding> {
  const { object, initiator, peer } = pair;
  const { capability } = object;
  const use = () => tryOut(capability, initiator, peer, upTo(4, facility));
  const other = await context.create(initiator, capability);
  await initiator.order("remove", object.floor);
  const third = await context.participant();
  return new Evidence()
    .expect("for who has it open, after it was unlinked", WORKS, await use())
    .expect("for who opens it then", "ENOENT", await outcome(attachTo(object)))
    .expect("another name", "another object", await isApart() ? "another object" : "the same")
    .finding();

  /** Whether what is done to the one object is not seen in the other. */
  async function isApart(): Promise<boolean> {
    const handles = await context.attach(other, third, "peer");
    switch (capability) {
      case "channel":
        await initiator.order("send", "data");
        return await third.order("poll", handles?.[0] ?? -1, POLLIN, 0) === 0;
      case "region":
        return await initiator.order("load", 0) === 4711 && await third.order("load", 0) === 0;
      default:
        await initiator.order("acquire");
        return !await isAsleep(third, third.order("acquire"));
    }
  }

  async function attachTo(which: typeof object): Promise<void> {
    await context.attach(which, third, "peer");
  }
}

async function systemV(facility: Facility, pair: Pair): Promise<Finding> {
  const { object, initiator, peer } = pair;
  const { capability, folder } = object;
  const evidence = new Evidence();
  if (capability === "region") {
    await initiator.order("remove", object.floor);
    const used = await tryOut(capability, initiator, peer, upTo(4, facility));
    evidence.expect("for who has the segment attached, after it was removed", WORKS, used);
  } else {
    if (capability === "lock") await initiator.order("acquire");
    const blocked: Promise<unknown> = capability === "channel"
      ? peer.order("receive", 4)
      : peer.order("acquire");
    await peer.asleep(blocked);
    await initiator.order("remove", object.floor);
    evidence
      .expect("who slept in a call on it", "EIDRM", await whatNow(peer, blocked))
      .expect("the next call", "EINVAL", await outcome(nextCall(capability, pair)));
  }
  return evidence
    .expect(
      "keys of one file with the numbers 1 and 257",
      "alike",
      ftok(folder, 1) === ftok(folder, 257) ? "alike" : "different",
    )
    .finding();
}

function nextCall(capability: Capability, { initiator }: Pair): Promise<void> {
  return capability === "channel" ? initiator.order("send", "data") : initiator.order("release");
}

/** The error that the call ended with, or that it sleeps on. */
function whatNow(who: Pair["peer"], pending: Promise<unknown>): Promise<string> {
  return Promise.race([
    outcome(pending.then(() => "success")),
    who.asleep(pending).then(() => "sleeps on", () => outcome(pending.then(() => "success"))),
  ]);
}
