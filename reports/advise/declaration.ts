/**
 * What a facility declares of itself, as plain data that a page can hold.
 *
 * @module
 */
import type { Capability, Limit, Participants, Semantics } from "../../facilities/facility.ts";

/** A facility's own word on what it is and what it offers. */
export interface Declaration {
  readonly id: string;
  readonly title: string;
  /** True for what is measured beside the taxonomy: it is named where it will do, else not at all. */
  readonly beside?: true;
  readonly semantics: Semantics;
  readonly offers: readonly Capability[];
  readonly variants: readonly DeclaredVariant[];
  readonly usualParticipants: Participants;
  /** Whether several participants may share one end of its channel. */
  readonly manyPeers: boolean;
  /** Whether messages may be lost instead of the sender being held back. */
  readonly lossy: boolean;
  /** The largest message of its first variant; absent where nothing bounds it. */
  readonly largestMessage?: Limit;
  /** All limits that bear on it. */
  readonly limits: readonly Limit[];
}

export interface DeclaredVariant {
  readonly id: string;
  readonly title: string;
  readonly spins: boolean;
  /** The facility's semantics with what is different here. */
  readonly semantics: Semantics;
  readonly largestMessage?: Limit;
}

/** The facility as one of its variants is. */
export function asVariant(facility: Declaration, { semantics, largestMessage }: DeclaredVariant) {
  return { ...facility, semantics, largestMessage } satisfies Declaration;
}

export function offers({ offers }: Declaration, capability: Capability): boolean {
  return offers.includes(capability);
}

/** Data is written to it and read from it. */
export function isTransfer(facility: Declaration): boolean {
  return facility.semantics.boundaries !== "none" && offers(facility, "channel");
}

/** Several see the same memory, in which what was read is still there. */
export function isMemory({ semantics }: Declaration): boolean {
  return semantics.destructiveReads === false;
}

/** It lies in memory that its user chooses, and is found, opened and kept as that memory is. */
export function liesInMemory({ accessibility }: Semantics): boolean {
  return accessibility === "underlying-memory";
}
