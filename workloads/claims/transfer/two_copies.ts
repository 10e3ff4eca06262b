/** @module */
import { type Claim, Evidence } from "../claim.ts";
import type { Context } from "../context.ts";
import { unlessTransfer, upTo } from "./applies.ts";

export const twoCopies: Claim = {
  id: "two-copies",
  statement:
    "Data transfer copies: from the writer's memory to the kernel, from there to the reader.",
  section: "43.2",
  experimentTitle: "neither side's memory shows what the other does to its own afterwards",
  inapplicable: unlessTransfer,
  async experiment(facility, context) {
    const { initiator, peer } = await context.pair("channel");
    const size = upTo(8, facility);
    const [before, after, scribble] = ["original", "replaced", "scribble"].map((each) =>
      each.slice(0, size)
    ) as [string, string, string];
    await initiator.order("send", before);
    await initiator.order("overwriteSent", after);
    const evidence = new Evidence()
      .expect("read of what the writer has overwritten", before, await peer.order("receive", size));
    await peer.order("overwriteReceived", scribble);
    evidence.expect(
      "writer's memory after the reader scribbled on its own",
      after,
      await initiator.order("lookAtSent", size),
    );
    await contrast(evidence, context);
    return evidence
      .note("this shows a copy on each side; that it is no more than one is documented, not shown")
      .finding();
  },
};

/** Where the handle is a pipe's, vmsplice moves the page instead of copying it. */
async function contrast(evidence: Evidence, context: Context): Promise<void> {
  const { initiator, peer, initiatorHandles } = await context.pair("channel");
  try {
    await initiator.order("vmsplice", initiatorHandles?.[1] ?? -1, "original");
  } catch (error) {
    if ((error as { code?: string }).code === "EBADF") return;
    throw error;
  }
  await initiator.order("overwriteSpliced", "replaced");
  evidence.expect(
    "in contrast, read after vmsplice of a page that was overwritten",
    "replaced",
    await peer.order("receive", 8),
  );
}
