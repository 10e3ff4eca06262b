/** @module */
import { type Claim, Evidence } from "../claim.ts";
import type { Participant } from "../crew.ts";
import { unlessTransfer, upTo } from "../transfer/applies.ts";

/** Numbers carried at a time: fewer than the shallowest facility holds. */
const COUNT = 8;
/** The fastest of so many counts: what interrupts a thread only makes it slower. */
const ROUNDS = 25;

export const threadsShareVariables: Claim = {
  id: "threads-share-variables",
  statement:
    "Threads seldom need a facility: a variable that they share carries the same data, with " +
    "no kernel object, and faster.",
  section: "43.2",
  experimentTitle: "two threads hand over the same numbers by the facility and by a variable",
  participants: "thread",
  inapplicable: unlessTransfer,
  async experiment(facility, context) {
    const process = await context.participant();
    const length = upTo(4, facility);
    const [one, two] = await Promise.all([process.thread("one"), process.thread("two")]);

    // The runtime may open or close some of its own meanwhile, but not every time.
    let opened = Infinity;
    const variable = await fastest(async (round) => {
      const first = round * COUNT;
      const put = await one.order("putVariable", COUNT, first);
      opened = Math.min(opened, Math.max(0, put.opened));
      const taken = await two.order("takeVariable", COUNT, first);
      return { right: taken.right, ns: put.ns + taken.ns };
    });

    const object = await context.create(process, "channel", { participants: "thread" });
    await Promise.all([
      context.attach(object, one, "initiator"),
      context.attach(object, two, "peer"),
    ]);
    await prepare(length, one, two);
    const channel = await fastest(async () => {
      const ns = await one.order("putChannel", COUNT, length);
      const taken = await two.order("takeChannel", COUNT, length);
      return { right: taken.right, ns: ns + taken.ns };
    });

    const each = (ns: number) => `${(ns / COUNT).toFixed(0)} ns`;
    return new Evidence()
      .expect("numbers that the variable carried", COUNT * ROUNDS, variable.right)
      .expect("kernel objects opened for it", 0, opened)
      .expect("numbers that the facility carried", COUNT * ROUNDS, channel.right)
      .expect("faster", "the variable", variable.ns < channel.ns ? "the variable" : "the facility")
      .note(
        `storing and loading a number took ${each(variable.ns)} by the variable and ` +
          `${
            each(channel.ns)
          } by the facility (fastest of ${ROUNDS} times ${COUNT}, not a benchmark)`,
      )
      .finding();
  },
};

async function prepare(length: number, ...threads: Participant[]): Promise<void> {
  await Promise.all(threads.map((each) => each.order("prepare", length)));
}

/** The total of what was carried right, and the least time. */
async function fastest(carry: (round: number) => Promise<{ right: number; ns: number }>) {
  let [right, ns] = [0, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    const result = await carry(round);
    right += result.right;
    ns = Math.min(ns, result.ns);
  }
  return { right, ns };
}
