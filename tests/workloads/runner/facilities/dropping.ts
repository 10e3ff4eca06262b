/**
 * A pipe that is honest while it is verified and later delivers an old message again: what only the
 * sequence in the timed loop can notice.
 *
 * @module
 */
import type { Channel, Facility } from "../../../../facilities/facility.ts";
import { facility as pipe } from "../../../../facilities/communication/byte_stream/pipe.ts";

const HONEST_MESSAGES = 50;

export const facility: Facility = {
  ...pipe,
  id: "dropping",
  notifier: undefined,
  channel: {
    ...pipe.channel!,
    async attach(link, role): Promise<Channel> {
      const inner = await pipe.channel!.attach(link, role);
      let received = 0;
      return {
        prepare: (length) => inner.prepare(length),
        outgoing: () => inner.outgoing(),
        send: (length) => inner.send(length),
        receive(length) {
          const payload = inner.receive(length);
          if (++received > HONEST_MESSAGES) payload.bytes.fill(received & 1, 0, length);
          return payload;
        },
        [Symbol.dispose]: () => inner[Symbol.dispose](),
      };
    },
  },
};
