/**
 * The waiting strategies of a channel over shared memory: the taxonomy's own synchronization
 * facilities, and spinning.
 *
 * @module
 */
import type { Created, CreateOptions, Link, Notifier, Offer, Role } from "../../facility.ts";

/** A strategy: how long to look before sleeping, and whose notifier to sleep on. */
export interface Strategy {
  readonly id: string;
  readonly title: string;
  /** How often the condition is looked at before sleeping; `Infinity` never sleeps. */
  readonly spins: number;
  readonly load?: () => Promise<Offer<Notifier>>;
}

const futex = async () => (await import("../../synchronization/futex.ts")).facility.notifier!;

/** All strategies, the default last resort of a mutex (`futex`) first. */
export const STRATEGIES: readonly Strategy[] = [
  { id: "futex", title: "futex", spins: 0, load: futex },
  { id: "spin-then-futex", title: "spin, then futex", spins: 2_000, load: futex },
  { id: "spin", title: "spin", spins: Infinity },
  {
    id: "posix-unnamed-semaphore",
    title: "POSIX unnamed semaphore",
    spins: 0,
    load: async () =>
      (await import("../../synchronization/posix_unnamed_semaphore.ts")).facility.notifier!,
  },
  {
    id: "sysv-semaphore",
    title: "System V semaphore",
    spins: 0,
    load: async () => (await import("../../synchronization/sysv_semaphore.ts")).facility.notifier!,
  },
  {
    id: "eventfd",
    title: "eventfd",
    spins: 0,
    load: async () => (await import("../../synchronization/eventfd.ts")).facility.notifier!,
  },
  {
    id: "condition-variable",
    title: "condition variable",
    spins: 0,
    load: async () =>
      (await import("../../synchronization/condition_variable.ts")).facility.notifier!,
  },
  {
    id: "pipe",
    title: "pipe doorbell",
    spins: 0,
    load: async () => (await import("../byte_stream/pipe.ts")).facility.notifier!,
  },
  {
    id: "realtime-signal",
    title: "realtime signal",
    spins: 0,
    load: async () => (await import("../../signal/realtime_signal.ts")).facility.notifier!,
  },
];

/**
 * @throws {RangeError} naming the strategies there are
 */
export function strategyOf(id: string): Strategy {
  const strategy = STRATEGIES.find((each) => each.id === id);
  if (strategy) return strategy;
  const known = STRATEGIES.map((each) => each.id).join(", ");
  throw new RangeError(`Cannot wait by "${id}": the strategies are ${known}`);
}

/** Creates what the strategy needs in the kernel. */
export async function createWaiting(id: string, options: CreateOptions): Promise<Created> {
  const strategy = strategyOf(id);
  const created = await (await strategy.load?.())?.create(options);
  return {
    link: { id, notifier: created?.link ?? null },
    [Symbol.dispose]: () => created?.[Symbol.dispose](),
  };
}

/** Attaches to it; null where the strategy never sleeps. */
export async function attachWaiting(link: Link, role: Role): Promise<[Strategy, Notifier | null]> {
  const strategy = strategyOf(link.id);
  const offer = await strategy.load?.();
  return [strategy, offer ? await offer.attach(link.notifier, role) : null];
}
