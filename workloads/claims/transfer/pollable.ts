/** @module */
import type { Facility } from "../../../facilities/facility.ts";
import { POLLIN } from "../../../facilities/libc/poll.ts";
import { type Claim, Evidence, outcome } from "../claim.ts";
import type { Context } from "../context.ts";
import { mainCapability, tryOut, WORKS } from "../uses.ts";
import { upTo } from "./applies.ts";

const LOOKS = 10;

export const pollable: Claim = {
  id: "pollable",
  statement:
    "Where the handle is a descriptor that data or posts come from, poll waits for them; of " +
    "the others there is nothing to poll.",
  section: "43.2",
  experimentTitle: "poll sleeps until there is something, or attaching gave nothing to wait for",
  value: ({ semantics }) => semantics.pollable ? "yes" : "no",
  inapplicable: () => null,
  experiment: (facility, context) =>
    facility.semantics.pollable ? wakes(facility, context) : nothingToPoll(facility, context),
};

async function wakes(facility: Facility, context: Context) {
  const capability = facility.semantics.boundaries === "none" ? "notifier" : "channel";
  const { initiator, peer, peerHandles } = await context.pair(capability);
  const fd = peerHandles?.[0] ?? -1;
  const evidence = new Evidence()
    .expect("poll while there is nothing", 0, await peer.order("poll", fd, POLLIN, 0));
  const pending = peer.order("poll", fd, POLLIN, -1);
  const { call } = await peer.asleep(pending);
  if (capability === "notifier") await initiator.order("post");
  else await initiator.order("send", "data".slice(0, upTo(4, facility)));
  return evidence
    .expect("poll, which slept until then", POLLIN, await pending)
    .note(`it slept in ${call}`)
    .finding();
}

async function nothingToPoll(facility: Facility, context: Context) {
  const capability = mainCapability(facility);
  const [initiator, peer] = [await context.participant(), await context.participant()];
  const object = await context.create(initiator, capability);
  await context.inherit(object, peer);
  const before = new Set(await peer.order("listDescriptors"));
  const [handles] = await Promise.all([
    context.attach(object, peer, "peer"),
    context.attach(object, initiator, "initiator"),
  ]);
  const evidence = new Evidence();
  if (facility.semantics.handle === "descriptor" && handles) {
    // A regular file is ready at any time, even for who would sleep for its lock.
    await initiator.order("acquire");
    return evidence
      .expect("poll of the locked file", POLLIN, await peer.order("poll", handles[0], POLLIN, 0))
      .finding();
  }
  for (const fd of object.descriptors) {
    const events = await outcome(peer.order("poll", fd, POLLIN, 0));
    evidence.expect("poll of the inherited memory, with nothing there", `${POLLIN}`, events);
  }
  const result = await tryOut(capability, initiator, peer, upTo(4, facility));
  evidence.expect("without poll", WORKS, result);
  // The runtime opens some of its own at any time; those stay, or are closed at once.
  let opened = (await peer.order("listDescriptors")).filter((fd) => !before.has(fd));
  for (let look = 0; look < LOOKS; look++) {
    const now = new Set(await peer.order("listDescriptors"));
    opened = opened.filter((fd) => now.has(fd));
  }
  await peer.order("detach", capability);
  const left = new Set(await peer.order("listDescriptors"));
  opened = opened.filter((fd) => !left.has(fd));
  return evidence.expect("descriptors that it has while attached", 0, opened.length).finding();
}
