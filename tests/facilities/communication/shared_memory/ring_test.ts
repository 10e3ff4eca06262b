import { assertEquals, assertThrows } from "@std/assert";
import { facility } from "../../../../facilities/communication/shared_memory/memfd.ts";
import {
  CONSUMED,
  regionBytes,
  RingChannel,
  SENT,
} from "../../../../facilities/communication/shared_memory/ring.ts";
import type { Channel, CreateOptions, Notifier, Role } from "../../../../facilities/facility.ts";
// Loaded now, no library is opened within a test, which would look like a leak.
import "../../../../facilities/synchronization/futex.ts";
import { Memory } from "../../../../facilities/libc/memory.ts";
import { Scope } from "../../../../facilities/scope.ts";

/** Stands for the other side's post, which cannot come in one thread. */
class WouldSleep extends Error {}

const NOTIFIER: Notifier = {
  post() {},
  wait() {
    throw new WouldSleep();
  },
  [Symbol.dispose]() {},
};

/** The two ends of one ring, in one thread: one that would have to wait throws instead. */
function withEnds(
  maxBytes: number,
  use: (initiator: Channel, peer: Channel) => void,
  firstCount = 0,
): void {
  using memory = Memory.share(regionBytes(maxBytes));
  for (const word of [...SENT, ...CONSUMED]) memory.words[word] = firstCount;
  const attach = (role: Role) => {
    const own = Memory.again(Number(Deno.UnsafePointer.value(memory.pointer)), memory.length);
    const region = { memory: own, [Symbol.dispose]: () => own[Symbol.dispose]() };
    return new RingChannel(region, { spins: 1, notifier: NOTIFIER }, maxBytes, role);
  };
  using initiator = attach("initiator");
  using peer = attach("peer");
  use(initiator, peer);
}

/** Sends messages that hold their number, and receives them, some ahead of the others. */
function exchange(sender: Channel, receiver: Channel, count: number, ahead: number): void {
  for (let number = 0; number < count + ahead; number++) {
    if (number < count) {
      new DataView(sender.outgoing().bytes.buffer, sender.outgoing().bytes.byteOffset)
        .setUint32(0, number);
      sender.send(4);
    }
    if (number >= ahead) {
      const { bytes } = receiver.receive(4);
      assertEquals(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), number - ahead);
    }
  }
}

for (
  const { name, firstCount } of [
    { name: "2³¹", firstCount: 2 ** 31 - 100 },
    { name: "2³²", firstCount: -100 },
  ]
) {
  Deno.test(`The counters go on past ${name}`, () =>
    withEnds(64, (initiator, peer) => {
      exchange(initiator, peer, 200, 50);
      assertThrows(() => peer.receive(4), WouldSleep);
      exchange(peer, initiator, 200, 50);
      assertThrows(() => initiator.receive(4), WouldSleep);
    }, firstCount));
}

Deno.test("A new size keeps what follows whole, without a word between the two", () =>
  withEnds(100_000, (initiator, peer) => {
    for (const [length, ahead] of [[4, 60], [10_000, 7], [50_000, 0], [4, 60]] as const) {
      initiator.prepare(length);
      peer.prepare(length);
      exchange(initiator, peer, 200, ahead);
      exchange(peer, initiator, 200, ahead);
    }
  }));

Deno.test("A full ring makes the sender wait, an empty one the receiver", () =>
  withEnds(64, (initiator, peer) => {
    assertThrows(() => peer.receive(4), WouldSleep);
    for (let sent = 0; sent < 64; sent++) {
      initiator.outgoing();
      initiator.send(4);
    }
    assertThrows(() => initiator.outgoing(), WouldSleep);
    peer.receive(4); // which is still being read
    assertThrows(() => initiator.outgoing(), WouldSleep);
    peer.receive(4);
    initiator.outgoing();
  }));

Deno.test("The first message of a new size waits until the last of the old one was let go", () =>
  withEnds(10_000, (initiator, peer) => {
    exchange(initiator, peer, 10, 0);
    initiator.prepare(10);
    assertThrows(() => initiator.outgoing(), WouldSleep);
    peer.prepare(10);
    exchange(initiator, peer, 10, 0);
  }));

Deno.test("A participant that attaches again goes on where it stopped", async () => {
  const folder = await Deno.makeTempDir();
  {
    using scope = new Scope(`${folder}/scope`);
    const options: CreateOptions = { maxBytes: 64, participants: "thread", count: 2, scope };
    using made = await facility.channel!.create(options);
    using initiator = await facility.channel!.attach(made.link, "initiator");
    for (let again = 0; again < 3; again++) {
      using peer = await facility.channel!.attach(made.link, "peer");
      initiator.prepare(64); // lets go of what it received last
      exchange(initiator, peer, 100, 10);
      exchange(peer, initiator, 100, 10);
    }
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("What was sent alone is received alone", async () => {
  const folder = await Deno.makeTempDir();
  {
    using scope = new Scope(`${folder}/scope`);
    const options: CreateOptions = { maxBytes: 64, participants: "process", count: 1, scope };
    using made = await facility.channel!.create(options);
    using solo = await facility.channel!.attach(made.link, "solo");
    exchange(solo, solo, 200, 50);
  }
  await Deno.remove(folder, { recursive: true });
});

for (const length of [65, -1, NaN]) {
  Deno.test(`A ring for 64 bytes refuses messages of ${length}`, () =>
    withEnds(64, (initiator) => {
      assertThrows(() => initiator.prepare(length), RangeError, "up to 64");
    }));
}

Deno.test("A disposed ring throws, and may be disposed again", () =>
  withEnds(64, (initiator) => {
    initiator[Symbol.dispose]();
    initiator[Symbol.dispose]();
    assertThrows(() => initiator.send(4), TypeError);
    assertThrows(() => initiator.receive(4), TypeError);
    assertThrows(() => initiator.outgoing(), TypeError);
    assertThrows(() => initiator.prepare(4), TypeError);
  }));
