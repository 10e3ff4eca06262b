// @gate both

import { assertEquals, assertThrows } from "@std/assert";
import { facility } from "../../../../facilities/communication/message/udp.ts";
import { WrongLength } from "../../../../facilities/communication/message/wrong_length.ts";
import type { Channel } from "../../../../facilities/facility.ts";
import {
  AF_INET,
  bind,
  connect,
  inetAddress,
  localPort,
  sendBytes,
  setSocketOption,
  SO_RCVBUF,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  socket,
  socketOption,
  SOL_SOCKET,
} from "../../../../facilities/libc/sys_socket.ts";
import { close } from "../../../../facilities/libc/unistd.ts";
import { Scope } from "../../../../facilities/scope.ts";
import { withFolder } from "../../together.ts";
import { testTransfer } from "../../transfer.ts";

const offer = facility.channel!;

testTransfer({ facility: "udp", maxBytes: offer.largestMessage!()!.value, turns: 300 });
testTransfer({ facility: "udp", maxBytes: 64, turns: 300 });

/** Does something with a channel that sends to itself. */
async function alone(maxBytes: number, act: (channel: Channel) => void): Promise<void> {
  await withFolder(async (folder) => {
    using scope = new Scope(`${folder}/scope`);
    using created = await offer.create({ maxBytes, participants: "thread", count: 1, scope });
    using channel = await offer.attach(created.link, "solo");
    channel.prepare(maxBytes);
    act(channel);
  });
}

/** Message number `number`: its own length and content. */
function message(number: number): Uint8Array {
  return new Uint8Array(10 + number % 40).fill(number * 7);
}

function send(channel: Channel, number: number): void {
  const bytes = message(number);
  channel.outgoing().bytes.set(bytes);
  channel.send(bytes.length);
}

/** Receives message `number`: true when it is intact, false when it counts as lost. */
function receive(channel: Channel, number: number): boolean {
  const { length } = message(number);
  const before = channel.lost!;
  const { bytes } = channel.receive(length);
  if (channel.lost! > before) return false;
  assertEquals(bytes.slice(0, length), message(number));
  return true;
}

Deno.test("udp: lost messages are counted, and calls and messages stay in step", async () => {
  await alone(64, (channel) => {
    const [reads] = channel.handles!;
    const room = socketOption(reads, SOL_SOCKET, SO_RCVBUF);
    let sent = 0;
    let received = 0;
    let intact = 0;
    const exchange = (sends: number, receives: number) => {
      for (let i = 0; i < sends; i++) send(channel, sent++);
      for (let i = 0; i < receives; i++) if (receive(channel, received++)) intact++;
    };

    exchange(50, 50);
    assertEquals([intact, channel.lost], [50, 0]);
    setSocketOption(reads, SOL_SOCKET, SO_RCVBUF, 0); // the kernel's least
    exchange(100, 100); // the last ones are lost: nothing comes after them
    exchange(50, 10); // lost, with others after them
    for (let i = 0; i < 20; i++) exchange(1, 1);
    exchange(0, 40);
    const { lost } = channel;
    assertEquals(intact + lost!, 220);
    assertEquals(lost! > 50, true, `only ${lost} lost`);

    setSocketOption(reads, SOL_SOCKET, SO_RCVBUF, room / 2); // the kernel doubles it
    exchange(100, 100);
    assertEquals([intact, channel.lost], [320 - lost!, lost]);
  });
});

Deno.test("udp: what comes twice or too late is thrown away", async () => {
  await alone(64, (channel) => {
    const [, writes] = channel.handles!;
    send(channel, 0);
    receive(channel, 0);
    send(channel, 1);
    sendBytes(writes, new Uint8Array(8 + message(0).length)); // number 0 again
    send(channel, 2);
    assertEquals([receive(channel, 1), receive(channel, 2), channel.lost], [true, true, 0]);
  });
});

Deno.test("udp: strangers are not heard", async () => {
  await alone(64, (channel) => {
    const stranger = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC);
    try {
      bind(stranger, inetAddress("127.0.0.1", 0));
      connect(stranger, inetAddress("127.0.0.1", localPort(channel.handles![0])));
      sendBytes(stranger, new Uint8Array(8 + message(0).length));
      send(channel, 0);
      assertEquals([receive(channel, 0), channel.lost], [true, 0]);
    } finally {
      close(stranger);
    }
  });
});

Deno.test("udp: a message of another length than expected is an error", async () => {
  await alone(64, (channel) => {
    channel.send(10);
    assertThrows(() => channel.receive(11), WrongLength, "10 bytes instead of 11");
  });
});

Deno.test("udp: the largest message passes, one byte more does not", async () => {
  const { value } = offer.largestMessage!()!;
  await alone(value + 1, (channel) => {
    channel.prepare(value);
    channel.outgoing().bytes.fill(0x55);
    channel.send(value);
    assertEquals(channel.receive(value).bytes.subarray(0, value), new Uint8Array(value).fill(0x55));
    assertThrows(() => channel.send(value + 1), Error, "send failed: EMSGSIZE");
  });
});
