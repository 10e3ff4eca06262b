/**
 * A pipe whose sender is held up once, for 50 ms, well after all loops are warm.
 *
 * @module
 */
import type { Channel, Facility } from "../../../facilities/facility.ts";
import { facility as pipe } from "../../../facilities/communication/byte_stream/pipe.ts";
import { now, sleepUntil } from "../../../facilities/libc/time.ts";

const AFTER_NS = 4e9;
const STALL_NS = 50e6;

export const facility: Facility = {
  ...pipe,
  id: "stalling",
  notifier: undefined,
  channel: {
    ...pipe.channel!,
    async attach(link, role): Promise<Channel> {
      const inner = await pipe.channel!.attach(link, role);
      let due = now() + AFTER_NS;
      return {
        prepare: (length) => inner.prepare(length),
        outgoing: () => inner.outgoing(),
        send(length) {
          if (role === "initiator" && now() > due) {
            const end = now() + STALL_NS;
            while (now() < end) sleepUntil(end);
            due = Infinity;
          }
          inner.send(length);
        },
        receive: (length) => inner.receive(length),
        [Symbol.dispose]: () => inner[Symbol.dispose](),
      };
    },
  },
};
