/** The peer ends with code 0 instead of attaching. @module */
import { misbehaving } from "./misbehaving.ts";

export const facility = misbehaving(
  "peer-exits",
  (attach, link, role) => role === "peer" ? Deno.exit(0) : attach(link, role),
);
