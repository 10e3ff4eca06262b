/** @module */
import { type Claim, Evidence } from "../claim.ts";
import { isRunning, mappingOf } from "../sleep.ts";
import { unlessRegion } from "./applies.ts";

const TURNS = 20;
/** Looks at a word before a participant gives up: some seconds. */
const LOOKS = 50_000_000;
/** The runtime itself may put a thread to sleep now and then, for its own housekeeping. */
const ATTEMPTS = 5;

export const samePages: Claim = {
  id: "same-pages",
  statement: "Shared memory is the same pages in every process: a store is seen without any call.",
  section: "43.2",
  experimentTitle: "twenty exchanges without sleeping once, over one and the same page",
  inapplicable: unlessRegion,
  async experiment(_facility, context) {
    const { initiator, peer } = await context.pair("region", { maxBytes: 4096 });
    const pending = peer.order("spinUntil", 2, 1, LOOKS);
    const seen = await stateOf(peer.pid, pending);
    await initiator.order("store", 2, 1);
    const found = await pending;

    const exchange = async () => {
      await Promise.all([0, 1].map((word) => initiator.order("store", word, 0)));
      return Promise.all([
        initiator.order("exchangeStores", 0, TURNS, LOOKS),
        peer.order("exchangeStores", 1, TURNS, LOOKS),
      ]);
    };
    let both = await exchange();
    for (let attempt = 1; attempt < ATTEMPTS && both.some(({ sleeps }) => sleeps > 0); attempt++) {
      both = await exchange();
    }
    const places = await Promise.all(
      [initiator, peer].map(async (each) =>
        mappingOf(each.pid, BigInt(await each.order("address")))
      ),
    );
    const [mine, theirs] = places;
    const shown = (place: typeof mine) => place ? `${place.file} at ${place.offset}` : "none";
    return new Evidence()
      .expect("who looks for a store, meanwhile", "runs, in no system call", seen)
      .expect("and sees it", true, found)
      .expect("stores that the other saw", [TURNS, TURNS], both.map(({ seen }) => seen))
      .expect("sleeps in a system call meanwhile", [0, 0], both.map(({ sleeps }) => sleeps))
      .expect("the peer's page is the initiator's", shown(mine!), shown(theirs!))
      .note(`both map ${mine?.name}`)
      .finding();
  },
};

/** What the thread was found to do, before the store that it waits for. */
async function stateOf(process: number, pending: Promise<unknown>): Promise<string> {
  let ended = false;
  pending.finally(() => ended = true).catch(() => {});
  while (!ended) {
    if (isRunning(process)) return "runs, in no system call";
    await new Promise((resolve) => setTimeout(resolve, 1)); // then it is looked at again
  }
  return "gave up";
}
