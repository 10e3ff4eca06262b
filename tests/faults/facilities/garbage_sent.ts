/** The peer sends bytes that nobody asked for. @module */
import { check } from "../../../facilities/libc/errno.ts";
import { Struct } from "../../../facilities/libc/memory.ts";
import { write } from "../../../facilities/libc/unistd.ts";
import { misbehaving } from "./misbehaving.ts";

export const facility = misbehaving("garbage-sent", async (attach, link, role) => {
  const channel = await attach(link, role);
  if (role === "peer") {
    const garbage = new Struct(crypto.getRandomValues(new Uint8Array(16)));
    check("write", write(channel.handles![1], garbage.pointer, 16n));
  }
  return channel;
});
