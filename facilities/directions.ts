/** Which of a link's two directions a role uses. @module */
import type { Role } from "./facility.ts";

/** From the initiator to its peer, and back. */
export type Direction = 0 | 1;

/** The direction a role sends in, and the one it receives from. */
export function directionsOf(role: Role): { outbound: Direction; inbound: Direction } {
  return { outbound: role === "peer" ? 1 : 0, inbound: role === "initiator" ? 1 : 0 };
}
