/**
 * A facility with a planted delay: `delayed.ts?facility=pipe&delayNs=500` is the pipe, whose
 * initiator spins for 500 ns before it writes a message, posts or acquires. With `&turnNs=0.4` it makes as many
 * turns as would take so long if each took that: more work, which a slow machine does slowly, as a
 * regression would be. Calibrated anew, the same delay would be a smaller part of a slower trial.
 *
 * It comes before a message is written, needs a byte of the one received last, and is followed by a
 * reading of the clock, which waits for it. A processor that has nothing to wait for runs ahead: the
 * spin passed while cache lines were on their way, and 50 ns of it added nothing to 240 ns.
 *
 * The cells keep the ids of the facility, so that a run of it can be held against a baseline. With a
 * delay of 0 everything else is the same, which is what such a baseline is measured with.
 *
 * @module
 */
import type {
  Channel,
  Facility,
  Lock,
  Notifier,
  Offer,
  Payload,
  Role,
} from "../../../facilities/facility.ts";
import { now } from "../../../facilities/libc/time.ts";
import { loadFacility } from "../../../facilities/taxonomy.ts";

/** Turns of the calibration: a millisecond or so. */
const TURNS = 1_000_000;

/** Where a spin leaves its result, so that no compiler may leave it out. */
let sink = 1;

function spin(turns: number, seed = 0): void {
  let state = sink ^ seed;
  for (let turn = 0; turn < turns; turn++) state = Math.imul(state, 1_664_525) + 1_013_904_223 | 0;
  sink = state;
}

/** What a turn takes now, nanoseconds; the fastest of several calibrations was disturbed least. */
export function calibrateTurn(): number {
  let fastest = Infinity;
  for (let attempt = 0; attempt < 8; attempt++) {
    const start = now();
    spin(TURNS);
    fastest = Math.min(fastest, (now() - start) / TURNS);
  }
  return fastest;
}

/** Puts the delay before one method of an object. */
function delay<T extends object>(target: T, method: keyof T & string, turns: number): T {
  const original = (target[method] as (...args: unknown[]) => unknown).bind(target);
  const delayed = (argument: unknown) => {
    spin(turns);
    return original(argument);
  };
  return Object.defineProperty(target, method, { value: delayed });
}

/** Puts it before each message of a channel. */
function delayChannel(channel: Channel, turns: number): Channel {
  const outgoing = channel.outgoing.bind(channel);
  const receive = channel.receive.bind(channel);
  let last: Payload | undefined;
  return Object.defineProperties(channel, {
    outgoing: {
      value() {
        spin(turns, last?.bytes[0]);
        now();
        return outgoing();
      },
    },
    receive: { value: (length: number) => last = receive(length) },
  });
}

function delayedOffer<T extends object>(
  offer: Offer<T> | undefined,
  change: (capability: T) => T,
): Offer<T> | undefined {
  return offer && {
    ...offer,
    async attach(link, role: Role) {
      const capability = await offer.attach(link, role);
      return role === "peer" ? capability : change(capability);
    },
  };
}

/** The facility with the delay in every capability that it offers. */
export function delayedFacility(
  facility: Facility,
  delayNs: number,
  turnNs = calibrateTurn(),
): Facility {
  const turns = Math.round(delayNs / turnNs);
  const wrapped: Partial<Record<keyof Facility, unknown>> = {
    channel: delayedOffer<Channel>(facility.channel, (each) => delayChannel(each, turns)),
    notifier: delayedOffer<Notifier>(facility.notifier, (each) => delay(each, "post", turns)),
    lock: delayedOffer<readonly Lock[]>(
      facility.lock,
      (locks) => locks.map((each) => delay(each, "acquire", turns)),
    ),
  };
  return { ...facility, ...wrapped } as Facility;
}

/** What a query asks for; none when it names no facility. */
export async function plantedFacility(query: URLSearchParams): Promise<Facility | undefined> {
  const id = query.get("facility");
  if (!id) return undefined;
  const turnNs = query.get("turnNs");
  return delayedFacility(
    await loadFacility(id),
    Number(query.get("delayNs")),
    turnNs === null ? undefined : Number(turnNs),
  );
}

export const facility: Facility | undefined = await plantedFacility(
  new URL(import.meta.url).searchParams,
);
