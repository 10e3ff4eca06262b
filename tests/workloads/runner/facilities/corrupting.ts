/** A pipe that changes one byte of every message: what a verification must notice. @module */
import type { Channel, Facility } from "../../../../facilities/facility.ts";
import { facility as pipe } from "../../../../facilities/communication/byte_stream/pipe.ts";

export const facility: Facility = {
  ...pipe,
  id: "corrupting",
  notifier: undefined,
  channel: {
    ...pipe.channel!,
    async attach(link, role): Promise<Channel> {
      const inner = await pipe.channel!.attach(link, role);
      return {
        prepare: (length) => inner.prepare(length),
        outgoing: () => inner.outgoing(),
        send: (length) => inner.send(length),
        receive(length) {
          const payload = inner.receive(length);
          payload.bytes[length - 1]! ^= 1;
          return payload;
        },
        [Symbol.dispose]: () => inner[Symbol.dispose](),
      };
    },
  },
};
