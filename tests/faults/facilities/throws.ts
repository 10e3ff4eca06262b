/** The peer throws what is no error. @module */
import { misbehaving } from "./misbehaving.ts";

export const facility = misbehaving("throws", (attach, link, role) => {
  if (role === "peer") throw "up\nand more";
  return attach(link, role);
});
