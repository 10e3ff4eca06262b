/** @module */
import type { Capability } from "../../../facilities/facility.ts";
import { type Claim, Evidence, outcome } from "../claim.ts";
import type { Participant } from "../crew.ts";
import { upTo } from "../transfer/applies.ts";
import { isAsleep, mainCapability } from "../uses.ts";
import { byName } from "./named.ts";

const THERE = "there, with what was put into it";
const GONE = "gone";

export const persistence: Claim = {
  id: "persistence",
  statement: "An object lives as long as its processes, as the kernel, or as the file system.",
  section: "43.2",
  experimentTitle: "its process is killed; another one looks for it and for what was in it",
  value: ({ semantics }) => semantics.persistence,
  inapplicable: () => null,
  async experiment(facility, context) {
    // A semaphore keeps its count; as a lock it would only be free or taken.
    const main = mainCapability(facility);
    const capability = main === "lock" && facility.notifier ? "notifier" : main;
    const size = upTo(4, facility);
    const message = "kept".slice(0, size);
    const owner = await context.participant();
    const object = await context.create(owner, capability, byName(facility));
    await context.attach(object, owner, "solo");
    await putIn(capability, owner, message);
    await owner.kill();

    const heir = await context.participant();
    const survives = facility.semantics.persistence !== "process";
    const role = survives ? "peer" : "solo";
    const found = await outcome(
      context.attach(object, heir, role).then(() => lookFor(capability, heir, message)),
    );
    const evidence = new Evidence();
    if (found !== THERE && found !== GONE) evidence.note(`who looks for it gets ${found}`);
    evidence.expect(
      "the object, when its process is dead",
      survives ? THERE : GONE,
      found === THERE ? THERE : GONE,
    );
    const inFile = facility.semantics.persistence === "file-system";
    if (survives) {
      const start = await outcome(readBack(heir, object.link.path));
      evidence.expect("a file read at its pathname", inFile ? "starts with it" : "none", start);
    }
    return evidence.finding();
  },
};

async function putIn(capability: Capability, who: Participant, message: string): Promise<void> {
  if (capability === "channel") await who.order("send", message);
  else if (capability === "region") await who.order("store", 0, 4711);
  else if (capability === "notifier") await who.order("post");
  else await who.order("acquire");
}

async function lookFor(
  capability: Capability,
  heir: Participant,
  message: string,
): Promise<string> {
  switch (capability) {
    case "channel":
      return await comesAtOnce(heir, heir.order("receive", message.length)) === message
        ? THERE
        : GONE;
    case "region":
      return await heir.order("load", 0) === 4711 ? THERE : GONE;
    case "notifier":
      return await comesAtOnce(heir, heir.order("wait")) === "in vain" ? GONE : THERE;
    case "lock":
      return await isAsleep(heir, heir.order("acquire")) ? THERE : GONE;
  }
}

/** The order's result; `in vain` where it would be waited for for ever. */
async function comesAtOnce<T>(who: Participant, pending: Promise<T>): Promise<T | "in vain"> {
  return await isAsleep(who, pending) ? "in vain" : await pending;
}

/** Whether the word that was stored stands at the beginning of the file. */
async function readBack(heir: Participant, path: unknown): Promise<string> {
  if (typeof path !== "string") return "none";
  const text = await heir.order("read", await heir.order("openFile", path, 0), 4);
  return text.charCodeAt(0) + (text.charCodeAt(1) << 8) === 4711 ? "starts with it" : "none";
}
