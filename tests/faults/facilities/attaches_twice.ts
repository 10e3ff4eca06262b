/** The peer attaches twice and uses the second end. @module */
import { facility as socket } from "../../../facilities/communication/byte_stream/unix_stream.ts";
import { misbehaving } from "./misbehaving.ts";

export const facility = {
  ...misbehaving("attaches-twice", async (attach, link, role) => {
    if (role === "peer") await attach(link, role);
    return await attach(link, role);
  }, socket),
  variants: socket.variants!.filter(({ id }) => id === "pathname"),
};
