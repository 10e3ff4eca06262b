/** Which facilities a statement about data transfer speaks of. @module */
import type { Facility } from "../../../facilities/facility.ts";

/** Null for facilities that are written to and read from. */
export function unlessTransfer({ semantics, channel }: Facility): string | null {
  if (semantics.boundaries === "none" || !channel) {
    return "no data is written to it and read from it";
  }
  return null;
}

/** Null for byte streams. */
export function unlessStream(facility: Facility): string | null {
  return unlessTransfer(facility) ??
    (facility.semantics.boundaries === "stream" ? null : "it carries messages, not a byte stream");
}

/** Null for message facilities. */
export function unlessMessage(facility: Facility): string | null {
  return unlessTransfer(facility) ??
    (facility.semantics.boundaries === "message" ? null : "it is a byte stream without messages");
}

/** The largest message that it carries here, at most `wanted` bytes. */
export function upTo(wanted: number, facility: Facility): number {
  return Math.min(wanted, facility.channel?.largestMessage?.()?.value ?? wanted);
}
