/** The peer ends with code 0 in the midst of the messages. @module */
import { from, misbehaving } from "./misbehaving.ts";

export const facility = misbehaving("peer-exits-later", async (attach, link, role) => {
  const channel = await attach(link, role);
  return role === "peer" ? from(100, channel, () => Deno.exit(0)) : channel;
});
