/** What a fault is to the injections, whoever runs them. @module */
import type { Random } from "../../workloads/runner/random.ts";

/** What one injection works with. */
export interface Context {
  readonly random: Random;
  /** `TMPDIR` of the command; empty afterwards unless the fault says otherwise. */
  readonly temporary: string;
  /** Where results may be written; removed afterwards. */
  readonly results: string;
}

/** One kind of fault. */
export interface Fault {
  readonly id: string;
  /** Why it cannot be tried here, or null. */
  readonly inapplicable?: () => string | null;
  /** So like another one that the gate leaves it out. */
  readonly isVariation?: boolean;
  /** Injects it once; returns in a few words how the command coped, throws where it did not. */
  readonly inject: (context: Context) => Promise<string>;
}

/** The same fault, left out of the gate. */
export function variation(fault: Fault): Fault {
  return { ...fault, isVariation: true };
}

/** One of the items, as likely as any other. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.integer(items.length)]!;
}

/** Resolves after some time, for the moment of an injection only. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
