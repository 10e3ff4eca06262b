/**
 * Facilities that are not what they say. The module's fragment names the one it exports, so that a
 * participant loads it by URL: `lies.ts#pipe-as-message`.
 */
import type { Channel, Facility, Lock, Region, Semantics } from "../../../facilities/facility.ts";
import { check } from "../../../facilities/libc/errno.ts";
import { setNonBlocking } from "../../../facilities/libc/fcntl.ts";
import { Memory } from "../../../facilities/libc/memory.ts";
import { mq_send } from "../../../facilities/libc/mqueue.ts";
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
  "stream-socket-as-message": () => declared("unix-stream", { boundaries: "message" }),
  "datagram-as-stream": () => declared("unix-datagram", { boundaries: "stream" }),
  "pipe-as-socket": () => declared("pipe", { peek: true }),
  "queueing-as-coalescing": () => declared("realtime-signal", { whenFull: "coalesces" }),
  "pipe-as-signal": () => declared("pipe", { order: "signal-number", identifier: "process-id" }),
  "posix-as-system-v": () => declared("posix-message-queue", { identifier: "key", order: "type" }),
  "system-v-as-posix": () => declared("sysv-message-queue", { identifier: "posix-name" }),
  "socket-as-queue": () =>
    declared("unix-seqpacket", { handle: "message-queue-descriptor", order: "priority" }),
  "queue-as-socket": () => declared("posix-message-queue", { handle: "descriptor" }),
  "descriptor-as-id": () => declared("posix-message-queue", { handle: "ipc-id" }),
  "descriptor-as-pointer": () => declared("eventfd", { handle: "pointer" }),
  "open-file's-as-process's": () => declared("ofd-lock", { lockOwner: "process" }),
  "process's-as-open-file's": () => declared("fcntl-lock", { lockOwner: "open-file" }),
  "stuck-as-released": () => declared("posix-unnamed-semaphore", { holderDies: "released" }),
  "stuck-as-reported": () => declared("posix-unnamed-semaphore", { holderDies: "reported" }),
  "released-as-stuck": () => declared("flock", { holderDies: "stuck" }),
  "nameless-as-named": () => declared("pipe", { identifier: "pathname" }),
  "named-as-nameless": () => declared("posix-shared-memory", { identifier: "none" }),
  "named-as-nameless-variant": async () => {
    const semantics = { identifier: "none" } as const;
    const variant = { id: "usual", summary: "It has a name all the same.", semantics };
    return { ...await loadFacility("posix-shared-memory"), variants: [variant] };
  },
  "anyone's-as-masked": () => declared("tcp", { accessibility: "permission-mask" }),
  "masked-as-anyone's": () => declared("fifo", { accessibility: "any-process" }),
  "masked-as-kin's": () => declared("posix-shared-memory", { accessibility: "related-processes" }),
  "fleeting-as-lasting": () => declared("unix-stream", { persistence: "kernel" }),
  "lasting-as-fleeting": () => declared("posix-message-queue", { persistence: "process" }),
  "memory-as-file": () => declared("posix-shared-memory", { persistence: "file-system" }),
  "pollable-as-not": () => declared("pipe", { pollable: false }),
  "not-as-pollable": () => declared("sysv-message-queue", { pollable: true }),

  /** Record locks belong to the process, so its threads do not exclude each other. */
  async "process's-as-thread's"() {
    return { ...await loadFacility("fcntl-lock"), inapplicable: () => null };
  },

  async "lock-that-does-not-lock"() {
    const facility = await loadFacility("flock");
    const none: Lock = { acquire() {}, release() {}, [Symbol.dispose]() {} };
    return { ...facility, lock: { ...facility.lock!, attach: () => [none] } };
  },

  "channel-that-brings-nothing": () =>
    withChannel(
      "pipe",
      (channel) => replaced(channel, { send() {}, receive: () => channel.outgoing() }),
    ),

  "socketpair-as-terminal": async () => ({
    ...await loadFacility("unix-stream"),
    id: "pseudoterminal",
  }),
  "datagram-as-udp": () => declared("unix-datagram", { oneToMany: true }),
  "blocking-as-losing": () => declared("unix-seqpacket", { whenFull: "loses" }),

  "signal-without-its-value": () =>
    withChannel("realtime-signal", (channel) => {
      const scratch = Memory.allocate(64);
      return replaced(channel, { outgoing: () => scratch });
    }),

  "last-in-first-out": async () => {
    const facility = await withChannel("posix-message-queue", (channel) => {
      let priority = 0;
      return replaced(channel, {
        send(length) {
          const [, queue] = channel.handles!;
          check("mq_send", mq_send(queue, channel.outgoing().pointer, BigInt(length), ++priority));
        },
      });
    });
    return { ...facility, semantics: { ...facility.semantics, order: "sending" } };
  },

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
