/**
 * A facility with a planted delay: `delayed.ts?facility=pipe&delayNs=500` is the pipe, whose
 * initiator spins for 500 ns before it writes a message, posts or acquires. With `share=0.15` it
 * spins before each message for that part of what one takes without: a machine that changes its state
 * makes the one as much longer as the other, where 40 ns can be a fifth or a twentieth.
 *
 * The spin comes before a message is written, needs a byte of the one received last, and is followed
 * by a reading of the clock, which waits for it. A processor that has nothing to wait for runs ahead:
 * the spin passed while cache lines were on their way, and 50 ns of it added nothing to 240 ns.
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
function calibrateTurn(): number {
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

/** How long to spin before the next message. */
interface Delay {
  readonly turns: number;
  /** Is told when a message is about to be written. */
  message?(time: number): void;
}

/** A delay that is a share of what a message takes without it. */
export class ShareDelay implements Delay {
  turns = 0;
  readonly #share: number;
  readonly #turnNs: number;
  #messages = 0;
  #since = NaN;
  /** What a message took without the delay, of the last batches; a pause falls into one of them. */
  readonly #batches = new Float64Array(BATCHES);

  constructor(share: number, turnNs: number) {
    this.#share = share;
    this.#turnNs = turnNs;
  }

  message(time: number): void {
    if (++this.#messages % BATCH !== 0) return;
    const own = (time - this.#since) / BATCH - this.turns * this.#turnNs;
    this.#since = time;
    this.#batches[this.#messages / BATCH % BATCHES] = Math.max(0, own) || 0;
    const usual = this.#batches.toSorted()[BATCHES >> 1]!;
    this.turns = Math.round(this.#share * usual / this.#turnNs);
  }
}

const BATCH = 64;
const BATCHES = 9;

/** Puts it before each message of a channel. */
function delayChannel(channel: Channel, delay: Delay): Channel {
  const outgoing = channel.outgoing.bind(channel);
  const receive = channel.receive.bind(channel);
  let last: Payload | undefined;
  return Object.defineProperties(channel, {
    outgoing: {
      value() {
        spin(delay.turns, last?.bytes[0]);
        const time = now();
        delay.message?.(time);
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

/** The facility with a delay that is a share of what each message takes; its channel alone. */
export function slowedFacility(facility: Facility, share: number): Facility {
  const turnNs = calibrateTurn();
  return {
    ...facility,
    channel: delayedOffer<Channel>(
      facility.channel,
      (each) => delayChannel(each, new ShareDelay(share, turnNs)),
    ),
  } as Facility;
}

/** The facility with the delay in every capability that it offers. */
export function delayedFacility(facility: Facility, delayNs: number): Facility {
  const turns = Math.round(delayNs / calibrateTurn());
  const wrapped: Partial<Record<keyof Facility, unknown>> = {
    channel: delayedOffer<Channel>(facility.channel, (each) => delayChannel(each, { turns })),
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
  const share = query.get("share");
  const facility = await loadFacility(id);
  return share === null
    ? delayedFacility(facility, Number(query.get("delayNs")))
    : slowedFacility(facility, Number(share));
}

export const facility: Facility | undefined = await plantedFacility(
  new URL(import.meta.url).searchParams,
);
