/** Finding a socket by its address, where a facility's own sockets listen to each other only. @module */
import type { Facility } from "../../../facilities/facility.ts";
import type { Context, Made } from "../context.ts";
import type { ProcessParticipant } from "../crew.ts";
import { WORKS } from "../uses.ts";

const LOOPBACK = "127.0.0.1";

/** Whether any process may send to its address, without a connection. */
export function isConnectionless({ semantics }: Facility): boolean {
  return semantics.identifier === "address-and-port" && semantics.boundaries === "message";
}

/**
 * The owner binds another socket of the kind that the object's are, and the stranger, who has
 * inherited nothing, sends to its address.
 */
export async function sendByAddress(
  context: Context,
  object: Made,
  stranger: ProcessParticipant,
): Promise<string> {
  const { owner } = object;
  const handles = await context.attach(object, owner, "solo");
  const kind = await owner.order("kindOf", handles?.[0] ?? -1);
  const bound = await owner.order("openSocket", kind);
  const port = await owner.order("bindTo", bound, LOOPBACK);
  const socket = await stranger.order("openSocket", kind);
  await stranger.order("connectTo", socket, LOOPBACK, port);
  await stranger.order("write", socket, "data");
  return await owner.order("read", bound, 64) === "data" ? WORKS : "something else arrived";
}
