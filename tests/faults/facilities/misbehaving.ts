/**
 * Facilities one of whose participants misbehaves; everything else about them is a pipe or socket.
 *
 * Each is exported by a module of its own, since the command line takes modules.
 *
 * @module
 */
import type { Channel, Facility, Link, Role } from "../../../facilities/facility.ts";
import { facility as pipe } from "../../../facilities/communication/byte_stream/pipe.ts";
import { poll } from "../../../facilities/libc/poll.ts";

type Attach = (link: Link, role: Role) => Channel | Promise<Channel>;

/** A facility whose attaching goes another way. */
export function misbehaving(
  id: string,
  attach: (attach: Attach, link: Link, role: Role) => Channel | Promise<Channel>,
  base: Facility = pipe,
): Facility {
  const channel = base.channel!;
  return {
    ...base,
    id,
    notifier: undefined,
    channel: { ...channel, attach: (link, role) => attach(channel.attach, link, role) },
  };
}

/** Sleeps in the kernel until it is killed. */
export function sleepForEver(): never {
  for (;;) poll(-1, 0, -1);
}

/** A channel that does something else from a certain message on. */
export function from(message: number, inner: Channel, act: () => void): Channel {
  let received = 0;
  return {
    prepare: (length) => inner.prepare(length),
    outgoing: () => inner.outgoing(),
    send: (length) => inner.send(length),
    receive(length) {
      if (++received >= message) act();
      return inner.receive(length);
    },
    [Symbol.dispose]: () => inner[Symbol.dispose](),
  };
}
