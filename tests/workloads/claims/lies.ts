/**
 * Facilities that are not what they say. The module's fragment names the one it exports, so that a
 * participant loads it by URL: `lies.ts#pipe-as-message`.
 */
import type { Channel, Facility, Region, Semantics } from "../../../facilities/facility.ts";
import { check } from "../../../facilities/libc/errno.ts";
import { setNonBlocking } from "../../../facilities/libc/fcntl.ts";
import { Memory } from "../../../facilities/libc/memory.ts";
import { MSG_PEEK, recv } from "../../../facilities/libc/sys_socket.ts";
import { loadFacility } from "../../../facilities/taxonomy.ts";

type Lie = () => Promise<Facility>;

/** A real facility with false semantics. */
async function declared(id: string, semantics: Partial<Semantics>): Promise<Facility> {
  const facility = await loadFacility(id);
  return { ...facility, semantics: { ...facility.semantics, ...semantics } };
}

/** A real facility with another channel over its own. */
async function withChannel(id: string, change: (channel: Channel) => Channel): Promise<Facility> {
  const facility = await loadFacility(id);
  const channel = facility.channel!;
  return {
    ...facility,
    channel: {
      ...channel,
      attach: async (link, role) => change(await channel.attach(link, role)),
    },
  };
}

/** The channel with one of its methods replaced. */
function replaced(channel: Channel, methods: Partial<Channel>): Channel {
  return {
    handles: channel.handles,
    prepare: (length) => channel.prepare(length),
    outgoing: () => channel.outgoing(),
    send: (length) => channel.send(length),
    receive: (length) => channel.receive(length),
    [Symbol.dispose]: () => channel[Symbol.dispose](),
    ...methods,
  };
}

const LIES: Record<string, Lie> = {
  "message-as-stream": () => declared("posix-message-queue", { boundaries: "stream" }),
  "stream-as-message": () => declared("pipe", { boundaries: "message" }),
  "pipe-as-socket": () => declared("pipe", { peek: true }),
  "memory-as-transfer": () => declared("posix-shared-memory", { boundaries: "message" }),

  "read-that-leaves-all": () =>
    withChannel("unix-stream", (channel) => {
      const room = Memory.allocate(4096);
      return replaced(channel, {
        receive(length) {
          const [fd] = channel.handles!;
          check("recv", recv(fd, room.pointer, BigInt(length), MSG_PEEK));
          return room;
        },
      });
    }),

  "read-that-never-waits": () =>
    withChannel("pipe", (channel) => {
      setNonBlocking(channel.handles![0], true);
      return channel;
    }),

  "write-that-never-waits": () =>
    withChannel("pipe", (channel) => {
      setNonBlocking(channel.handles![1], true);
      return channel;
    }),

  async "wait-that-never-waits"() {
    const facility = await loadFacility("futex");
    const notifier = facility.notifier!;
    const attach: typeof notifier.attach = async (link, role) => {
      const real = await notifier.attach(link, role);
      return { post: () => real.post(), wait() {}, [Symbol.dispose]: () => real[Symbol.dispose]() };
    };
    return { ...facility, notifier: { ...notifier, attach } };
  },

  async "memory-of-one's-own"() {
    const facility = await loadFacility("posix-shared-memory");
    const region = facility.region!;
    const attach = (): Region => {
      const memory = Memory.allocate(4096);
      return { memory, [Symbol.dispose]: () => memory[Symbol.dispose]() };
    };
    return { ...facility, region: { ...region, attach } };
  },
};

/** The URL of a lie. */
export function lie(name: string): string {
  if (!(name in LIES)) throw new RangeError(`Cannot tell the lie "${name}"`);
  return new URL(`#${name}`, import.meta.url).href;
}

const told = LIES[decodeURIComponent(new URL(import.meta.url).hash.slice(1))];

export const facility: Facility | undefined = await told?.();
