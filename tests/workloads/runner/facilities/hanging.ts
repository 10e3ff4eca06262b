/** A channel whose two sides talk past each other: each waits for ever. @module */
import type { Facility } from "../../../../facilities/facility.ts";
import { facility as pipe } from "../../../../facilities/communication/byte_stream/pipe.ts";

export const facility: Facility = {
  ...pipe,
  id: "hanging",
  notifier: undefined,
  channel: {
    ...pipe.channel!,
    async create(options) {
      const one = await pipe.channel!.create(options);
      const other = await pipe.channel!.create(options);
      return {
        link: { initiator: one.link, peer: other.link },
        [Symbol.dispose]() {
          one[Symbol.dispose]();
          other[Symbol.dispose]();
        },
      };
    },
    attach: (link, role) => pipe.channel!.attach(link[role], role),
  },
};
