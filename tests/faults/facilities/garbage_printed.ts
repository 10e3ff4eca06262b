/** Prints what looks like the initiator's messages, and names other processes. @module */
import { getenv } from "../../../facilities/libc/environment.ts";
import { misbehaving } from "./misbehaving.ts";

export const facility = misbehaving("garbage-printed", (attach, link, role) => {
  const innocent = Number(getenv("INNOCENT"));
  const garbage = [
    "no JSON",
    "null",
    "5",
    `"text"`,
    "[]",
    `{"peers": 1}`,
    `{"peers": [0, -1, 1, 1.5, "1", null, ${innocent}]}`,
    `{"step": null}`,
    `{"end": null}`,
    `{"end": {"unavailable": 3}}`,
    "\0\x1b[2J",
  ];
  for (const line of garbage) console.log(line);
  return attach(link, role);
});
