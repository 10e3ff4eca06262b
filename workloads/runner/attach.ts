/**
 * Attaching to what a visit measures.
 *
 * @module
 */
import type {
  Capabilities,
  Capability,
  Facility,
  Link,
  Offer,
  Participants,
} from "../../facilities/facility.ts";
import { RecyclingJournal } from "../../facilities/journal.ts";
import type { Offered, Work, Works } from "../workload.ts";
import { offeredFolder, roleOf, type Setup, type Visit } from "./visit.ts";

/** Attaches to all links of a visit, in the same order in every participant. */
export async function attachAll(
  facility: Facility | null,
  visit: Visit,
  links: readonly (Link | null)[],
  rank: number,
): Promise<(Works[Work] | null)[]> {
  const capabilities: (Works[Work] | null)[] = [];
  for (const [index, setup] of visit.setups.entries()) {
    const link = links[index];
    const place = setup.ranks ? setup.ranks.indexOf(rank) : rank;
    if (!link || place < 0 || place >= setup.count) {
      capabilities.push(null);
      continue;
    }
    const offer = facility![setup.capability]!;
    using _node = await memoryOf(setup);
    capabilities.push(
      setup.offered
        ? offered(
          offer,
          { ...setup, participants: visit.participants },
          offeredFolder(visit.folder, index),
        )
        : await offer.attach(link, roleOf(place, setup.count)),
    );
  }
  return capabilities;
}

/** Has what is allocated for a setup lie on its NUMA node, until disposed. */
export async function memoryOf({ memoryNode }: Setup): Promise<Disposable | null> {
  if (memoryNode === undefined) return null;
  const { allocateOnNode } = await import("../../facilities/libc/linux_mempolicy.ts");
  return allocateOnNode(memoryNode);
}

/** An offer whose links have the same names again and again, so that only the first are noted. */
function offered(
  offer: Offer<Capabilities[Capability]>,
  setup: Setup & { participants: Participants },
  folder: string,
): Offered & Disposable {
  const scope = new RecyclingJournal(folder);
  return {
    create() {
      scope.rewind();
      return offer.create({ ...setup, scope });
    },
    attach: (link) => offer.attach(link, "solo") as ReturnType<Offered["attach"]>,
    [Symbol.dispose]: () => scope[Symbol.dispose](),
  };
}
