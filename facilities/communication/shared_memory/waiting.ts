/**
 * The waiting strategies of a channel over shared memory: the taxonomy's own synchronization
 * facilities, and spinning.
 *
 * @module
 */
import type { Created, CreateOptions, Link, Notifier, Offer, Role } from "../../facility.ts";
import { created } from "../../created.ts";

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
  using undo = new DisposableStack();
  const offer = await strategyOf(id).load?.();
  // The variant that was chosen is the region's.
  const made = await offer?.create({ ...options, variant: undefined });
  if (made) undo.use(made);
  return created({ id, notifier: made?.link ?? null }, undo);
}

/** How to wait: to look so many times, and then to sleep unless that is for ever. */
export type Waiting =
  | { readonly spins: number; readonly notifier: Notifier }
  | { readonly spins: typeof Infinity };

/** Attaches to what `createWaiting` made. */
export async function attachWaiting(link: Link, role: Role): Promise<Waiting> {
  const { spins, load } = strategyOf(link.id);
  if (!load) return { spins };
  return { spins, notifier: await (await load()).attach(link.notifier, role) };
}
