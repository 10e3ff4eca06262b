import { assertEquals, assertThrows } from "@std/assert";
import { facility } from "../../../../facilities/communication/shared_memory/memfd.ts";
import { CONSUMED, SENT } from "../../../../facilities/communication/shared_memory/ring.ts";
import type { Channel, CreateOptions } from "../../../../facilities/facility.ts";
// Loaded now, no library is opened within a test, which would look like a leak.
import "../../../../facilities/synchronization/futex.ts";
import { Scope } from "../../../../facilities/scope.ts";

/** Two ends of one ring that only look: in one thread, neither may ever have to wait. */
async function withEnds(
  maxBytes: number,
  use: (initiator: Channel, peer: Channel) => void,
  firstCount = 0,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    using scope = new Scope(`${folder}/scope`);
    const options: CreateOptions = {
      maxBytes,
      participants: "thread",
      count: 2,
      wait: "spin",
      scope,
    };
    using made = await facility.channel!.create(options);
    {
      using region = await facility.region!.attach(made.link.region, "solo");
      for (const word of [...SENT, ...CONSUMED]) region.memory.words[word] = firstCount;
    }
    using initiator = await facility.channel!.attach(made.link, "initiator");
    using peer = await facility.channel!.attach(made.link, "peer");
    use(initiator, peer);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
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
      exchange(peer, initiator, 200, 50);
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
