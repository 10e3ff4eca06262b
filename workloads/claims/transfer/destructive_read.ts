/** @module */
import { type Claim, Evidence, outcome } from "../claim.ts";
import { readersOf } from "./readers.ts";
import { unlessTransfer, upTo } from "./applies.ts";

const READERS = 3;
const ITEMS = 6;

export const destructiveRead: Claim = {
  id: "destructive-read",
  statement: "Reads are destructive: what one reader took is there for no other.",
  section: "43.2",
  experimentTitle: "three readers take six items by turns; each item is seen once",
  value: () => "destructive",
  inapplicable: (facility) =>
    unlessTransfer(facility) ??
      (facility.semantics.destructiveReads ? null : "its reads are not declared destructive"),
  async experiment(facility, context) {
    const size = upTo(4, facility);
    const pair = await context.pair("channel", { maxBytes: size, count: 1 + READERS });
    const readers = await readersOf(facility, context, pair, READERS);
    const items = Array.from({ length: ITEMS }, (_, index) => `${index}`.repeat(size));
    await pair.initiator.order("send", ...items);
    const seen: string[] = [];
    for (let item = 0; item < ITEMS; item++) {
      seen.push(await outcome(readers[item % readers.length]!(size)));
    }
    const evidence = new Evidence();
    evidence.expect(`what ${readers.length} reader(s) took in turn of ${ITEMS} items`, items, seen);
    return evidence.finding();
  },
};
