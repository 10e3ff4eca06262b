/**
 * Whether two ends of a facility work together, whatever it offers.
 *
 * @module
 */
import type { Capability, Facility } from "../../facilities/facility.ts";
import { Awake, type Participant } from "./crew.ts";

/** The capability that a facility is there for. */
export function mainCapability({ semantics, ...facility }: Facility): Capability {
  const order: Capability[] = semantics.boundaries === "none"
    ? ["region", "lock", "notifier", "channel"]
    : ["channel"];
  const found = order.find((each) => facility[each]);
  if (!found) throw new TypeError(`Cannot use ${facility.id}: it offers nothing`);
  return found;
}

/** What it is called when data went through, a post arrived, a store was seen, a lock was kept. */
export const WORKS = "works";

/** Lets the first end do something that the second must notice. */
export async function tryOut(
  capability: Capability,
  first: Participant,
  second: Participant,
  length = 4,
): Promise<string> {
  switch (capability) {
    case "channel": {
      const message = "data".repeat(Math.ceil(length / 4)).slice(0, length);
      await first.order("send", message);
      const received = await second.order("receive", length);
      return received === message ? WORKS : `received ${received}`;
    }
    case "region": {
      await first.order("store", 0, 4711);
      const loaded = await second.order("load", 0);
      return loaded === 4711 ? WORKS : `loaded ${loaded}`;
    }
    case "notifier":
      await first.order("post");
      await second.order("wait");
      return WORKS;
    case "lock": {
      await first.order("acquire");
      const pending = second.order("acquire");
      const excluded = await isAsleep(second, pending);
      await first.order("release");
      await pending;
      await second.order("release");
      return excluded ? WORKS : "both held the lock";
    }
  }
}

/** Does what can be done without the other side; attaching alone asks no right of some. */
export async function useAlone(capability: Capability, who: Participant): Promise<void> {
  if (capability === "channel") await who.order("send", "data");
  else if (capability === "notifier") await who.order("post");
  else if (capability === "lock") await who.order("acquire");
}

/**
 * Whether the order sleeps in a call of its own; false where it is carried out at once.
 *
 * @throws {Refusal} where it fails
 */
export async function isAsleep(who: Participant, pending: Promise<unknown>): Promise<boolean> {
  try {
    await who.asleep(pending);
    return true;
  } catch (error) {
    if (!(error instanceof Awake)) throw error;
    await pending;
    return false;
  }
}
