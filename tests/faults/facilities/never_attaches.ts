/** The peer never attaches. @module */
import { misbehaving, sleepForEver } from "./misbehaving.ts";

export const facility = misbehaving(
  "never-attaches",
  (attach, link, role) => role === "peer" ? sleepForEver() : attach(link, role),
);
