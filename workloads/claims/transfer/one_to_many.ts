/** @module */
import { type Claim, Evidence, outcome } from "../claim.ts";
import type { Context } from "../context.ts";
import type { Kind } from "../verbs/sockets.ts";
import { unlessMessage } from "./applies.ts";

const MESSAGE = "to all";
const BROADCAST = "127.255.255.255";
/** Administratively scoped (RFC 2365), so that no router passes it on. */
const GROUP = "239.255.43.2";

export const oneToMany: Claim = {
  id: "one-to-many",
  statement: "One UDP datagram can be broadcast or multicast to several receivers.",
  section: "43.2",
  experimentTitle: "one datagram over the loopback interface, two receivers, both have it",
  inapplicable: (facility) =>
    unlessMessage(facility) ??
      (facility.semantics.oneToMany ? null : "its messages go to one receiver"),
  async experiment(_facility, context) {
    const { peer, peerHandles } = await context.pair("channel");
    const kind = await peer.order("kindOf", peerHandles?.[0] ?? -1);
    return new Evidence()
      .expect("received after one broadcast", [MESSAGE, MESSAGE], await broadcast(context, kind))
      .expect("received after one multicast", [MESSAGE, MESSAGE], await multicast(context, kind))
      .finding();
  },
};

async function broadcast(context: Context, kind: Kind): Promise<string[]> {
  const [sender] = context.participants;
  const { port, receive } = await receivers(context, kind, BROADCAST);
  const socket = await sender!.order("openSocket", kind);
  await sender!.order("allowBroadcast", socket);
  await sender!.order("connectTo", socket, BROADCAST, port);
  await sender!.order("write", socket, MESSAGE);
  return await receive();
}

async function multicast(context: Context, kind: Kind): Promise<string[]> {
  const [sender] = context.participants;
  const { port, receive } = await receivers(context, kind, GROUP);
  const socket = await sender!.order("openSocket", kind);
  await sender!.order("multicastLocally", socket);
  await sender!.order("connectTo", socket, GROUP, port);
  await sender!.order("write", socket, MESSAGE);
  return await receive();
}

/** Two processes with a socket each, both bound to one address and port. */
async function receivers(context: Context, kind: Kind, address: string) {
  const both = [await context.participant(), await context.participant()] as const;
  const sockets = await Promise.all(both.map((each) => each.order("openSocket", kind)));
  let port = 0;
  for (const [index, each] of both.entries()) {
    port = await each.order("bindTo", sockets[index]!, address, port, true);
    if (address === GROUP) await each.order("join", sockets[index]!, GROUP);
  }
  const receive = () =>
    Promise.all(both.map((each, index) => outcome(each.order("read", sockets[index]!, 64))));
  return { port, receive };
}
