/**
 * A pipe that swallows one message of a stream in a hundred: what only its place in the sequence, or
 * counting, can notice.
 *
 * @module
 */
import type { Channel, Facility } from "../../../facilities/facility.ts";
import { facility as pipe } from "../../../facilities/communication/byte_stream/pipe.ts";

/** A value that streams have again and again, and verifications never. */
const SWALLOWED = 5;

export const facility: Facility = {
  ...pipe,
  id: "skipping",
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
          return payload.bytes[0] === SWALLOWED ? inner.receive(length) : payload;
        },
        [Symbol.dispose]: () => inner[Symbol.dispose](),
      };
    },
  },
};
