/** @module */
import { type Claim, Evidence } from "../claim.ts";
import { upTo } from "../transfer/applies.ts";
import { mainCapability, tryOut, WORKS } from "../uses.ts";

export const threads: Claim = {
  id: "threads",
  statement: "The facilities also work between the threads of one process.",
  section: "43.2",
  experimentTitle: "two threads of a process do with it what two processes do",
  participants: "thread",
  inapplicable: () => null,
  async experiment(facility, context) {
    const process = await context.participant();
    const capability = mainCapability(facility);
    const object = await context.create(process, capability, { participants: "thread" });
    const [one, two] = await Promise.all([process.thread("one"), process.thread("two")]);
    await Promise.all([
      context.attach(object, one, "initiator"),
      context.attach(object, two, "peer"),
    ]);
    const length = upTo(4, facility);
    if (capability === "channel") {
      await Promise.all([one, two].map((each) => each.order("prepare", length)));
    }
    return new Evidence()
      .expect("from one thread to another", WORKS, await tryOut(capability, one, two, length))
      .expect("and back", WORKS, await tryOut(capability, two, one, length))
      .finding();
  },
};
