/**
 * UDP over the loopback interface: datagrams, for which nobody vouches.
 *
 * A sender is never held back. What finds no room in the receiver's buffer is dropped in silence,
 * so the channel brings what is needed to use UDP at all, and no more:
 *
 * - **Flow control.** As many messages are under way as fit into the receive buffer. How much of it
 *   a datagram takes is measured, since the kernel counts whole allocations; a quarter is left free,
 *   because what was read is given back late. Each message carries the count of those received, which
 *   tells the other side what it may send; where nothing goes back, the count goes alone, over a
 *   second pair of sockets, for every half of what may be under way.
 * - **Loss is counted, not mended.** Each message carries its number. A receiver who finds numbers
 *   missing, or waits in vain and learns that the kernel dropped something (`SO_MEMINFO`), counts a
 *   loss and returns from `receive` without a message; one who waits 2 s in vain does too. What comes
 *   after it was given up, or twice, is thrown away. So calls and messages stay in step, and a lost
 *   datagram costs time, but hangs nobody.
 *
 * All sockets are bound to 127.0.0.1 and connected, so the kernel lets in datagrams of the other
 * socket only; what strangers sent before that is thrown away.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/udp.7.html udp(7)}
 * @see RFC 768
 * @module
 */
import { created } from "../../created.ts";
import type {
  Channel,
  Created,
  CreateOptions,
  Facility,
  Handles,
  Link,
  Payload,
  Role,
} from "../../facility.ts";
import { type Limit, limit } from "../../limits.ts";
import { ERRNO, errno, isErrno, unlessInterrupted } from "../../libc/errno.ts";
import { Memory, Struct } from "../../libc/memory.ts";
import {
  AF_INET,
  bind,
  connect,
  inetAddress,
  localPort,
  MSG_DONTWAIT,
  MSG_TRUNC,
  receiveBytes,
  receiveQueue,
  recv,
  send,
  sendBytes,
  setReceiveTimeout,
  SO_RCVBUF,
  SOCK_DGRAM,
  socket,
  socketOption,
  SOL_SOCKET,
} from "../../libc/sys_socket.ts";
import { close } from "../../libc/unistd.ts";
import { LOOPBACK, withoutLoopback } from "../loopback.ts";
import { WrongLength } from "./wrong_length.ts";

/** Two words in front of a message: its number, and how many the sender has received. */
const HEADER_BYTES = 8;
const NUMBER = 0;
const RECEIVED = 1;
/** The payload begins a cache line. */
const PAYLOAD_OFFSET = 64;
const WIRE_OFFSET = PAYLOAD_OFFSET - HEADER_BYTES;

/** What stands in every byte of a message that was lost; the workloads send nothing above 127. */
const NOTHING = 0xff;

const WAIT_MS = 250;
const VAIN_WAITS = 8;

interface UdpLink extends Link {
  /** The initiator's socket and the peer's, connected to each other. */
  data: [number, number];
  /** The same for counts that go alone. */
  counts: [number, number];
  /** What of the receive buffer may be taken, bytes. */
  bufferBytes: number;
  /** What a message of up to 2^index bytes takes of it. */
  takes: number[];
  maxBytes: number;
}

function create({ maxBytes }: CreateOptions): Created {
  using undo = new DisposableStack();
  const data = connectedPair(undo);
  const counts = connectedPair(undo);
  const bufferBytes = Math.floor(socketOption(data[1], SOL_SOCKET, SO_RCVBUF) * 3 / 4);
  const takes = measureTakes(data);
  return created({ data, counts, bufferBytes, takes, maxBytes } satisfies UdpLink, undo);
}

/** Two sockets on ports of their own, each of which receives from the other only. */
function connectedPair(undo: DisposableStack): [number, number] {
  const bound = () => {
    const fd = undo.adopt(socket(AF_INET, SOCK_DGRAM), close);
    bind(fd, inetAddress(LOOPBACK, 0));
    return fd;
  };
  const pair: [number, number] = [bound(), bound()];
  connect(pair[0], inetAddress(LOOPBACK, localPort(pair[1])));
  connect(pair[1], inetAddress(LOOPBACK, localPort(pair[0])));
  pair.forEach(empty);
  return pair;
}

/** Throws away what waits to be received. */
function empty(fd: number): void {
  try {
    for (;;) receiveBytes(fd, new Uint8Array(1), MSG_DONTWAIT);
  } catch (error) {
    if (!isErrno(error, "EAGAIN")) throw error;
  }
}

/** Sends one message of each power of two, and looks what it takes of the receive buffer. */
function measureTakes([from, to]: [number, number]): number[] {
  const largest = limit.udpMaxDatagram().value;
  return Array.from({ length: 17 }, (_, power) => {
    sendBytes(from, new Uint8Array(Math.min(HEADER_BYTES + 2 ** power, largest)));
    const { bytes } = receiveQueue(to);
    empty(to);
    return bytes;
  });
}

class UdpChannel implements Channel {
  readonly handles: Handles;
  readonly #link: UdpLink;
  readonly #dataIn: number;
  readonly #dataOut: number;
  readonly #countsIn: number;
  readonly #countsOut: number;
  readonly #out: Memory;
  readonly #in: Memory;
  readonly #outWire: Payload;
  readonly #inWire: Payload;
  readonly #outHeader: Int32Array;
  readonly #inHeader: Int32Array;
  readonly #outPayload: Payload;
  readonly #inPayload: Payload;
  /** Handed out in place of a lost message: bytes that cannot be mistaken for one. */
  readonly #nothing: Memory;
  readonly #capacity: bigint;
  readonly #count = new Struct(4);
  readonly #countWord = new Int32Array(this.#count.bytes.buffer);
  readonly #droppedBefore: number;
  #length = 0;
  #size = 0n;
  /** How many messages may be under way. */
  #window = 1;
  #sent = 0;
  /** How many of those the other side has received, as far as is known. */
  #acknowledged = 0;
  /** How many were received or given up. */
  #received = 0;
  /** How many of those the other side has not been told of. */
  #untold = 0;
  /** The length of a datagram in the buffer that came before its turn; 0 where there is none. */
  #early = 0;
  /** MSG_DONTWAIT where losses are known that still have to be handed out. */
  #flags = MSG_TRUNC;
  lost = 0;

  constructor(link: UdpLink, role: Role) {
    const { data, counts, maxBytes } = link;
    const [out, into] = role === "initiator" ? [0, 0] : role === "peer" ? [1, 1] : [0, 1];
    this.#link = link;
    this.#dataOut = data[out]!;
    this.#dataIn = data[into]!;
    // Counts answer the other way round, which only makes a difference to who is alone.
    this.#countsOut = counts[into]!;
    this.#countsIn = counts[out]!;
    this.handles = [this.#dataIn, this.#dataOut];
    this.#droppedBefore = receiveQueue(this.#dataIn).dropped;
    this.#out = Memory.allocate(PAYLOAD_OFFSET + maxBytes);
    this.#in = Memory.allocate(PAYLOAD_OFFSET + maxBytes);
    this.#outWire = this.#out.slice(WIRE_OFFSET, HEADER_BYTES + maxBytes);
    this.#inWire = this.#in.slice(WIRE_OFFSET, HEADER_BYTES + maxBytes);
    this.#outHeader = new Int32Array(this.#out.buffer, WIRE_OFFSET, 2);
    this.#inHeader = new Int32Array(this.#in.buffer, WIRE_OFFSET, 2);
    this.#outPayload = this.#out.slice(PAYLOAD_OFFSET, maxBytes);
    this.#inPayload = this.#in.slice(PAYLOAD_OFFSET, maxBytes);
    this.#nothing = Memory.allocate(maxBytes);
    this.#nothing.bytes.fill(NOTHING);
    this.#capacity = BigInt(HEADER_BYTES + maxBytes);
  }

  prepare(length: number): void {
    const { takes, bufferBytes } = this.#link;
    const take = takes[Math.ceil(Math.log2(length))] ?? Infinity;
    this.#window = Math.max(1, Math.floor(bufferBytes / take));
    // The channel is empty, so all has arrived, and what counts tell of it is old.
    empty(this.#countsIn);
    this.#acknowledged = this.#sent;
    this.#untold = 0;
    setReceiveTimeout(this.#countsIn, WAIT_MS);
    setReceiveTimeout(this.#dataIn, WAIT_MS);
  }

  outgoing(): Payload {
    return this.#outPayload;
  }

  send(length: number): void {
    if (length !== this.#length) {
      this.#length = length;
      this.#size = BigInt(HEADER_BYTES + length);
    }
    if (((this.#sent - this.#acknowledged) | 0) >= this.#window) this.#awaitCount();
    this.#outHeader[NUMBER] = this.#sent;
    this.#outHeader[RECEIVED] = this.#received;
    while (send(this.#dataOut, this.#outWire.pointer, this.#size, 0) !== HEADER_BYTES + length) {
      unlessInterrupted("send");
    }
    this.#sent = (this.#sent + 1) | 0;
    this.#untold = 0;
  }

  receive(length: number): Payload {
    if (this.#early !== 0) return this.#examine(this.#early, length);
    const count = recv(this.#dataIn, this.#inWire.pointer, this.#capacity, this.#flags);
    if (count !== HEADER_BYTES + length || this.#inHeader[NUMBER] !== this.#received) {
      return this.#examine(count, length);
    }
    return this.#take();
  }

  /** The datagram in the buffer is the next message. */
  #take(): Payload {
    this.#received = (this.#received + 1) | 0;
    this.#acknowledge(this.#inHeader[RECEIVED]!);
    if (++this.#untold > this.#window >> 1) this.#tell();
    return this.#inPayload;
  }

  /** Something else was received than the next message: nothing, a later or an earlier one. */
  #examine(count: number, length: number): Payload {
    for (
      let vain = 1;;
      count = recv(this.#dataIn, this.#inWire.pointer, this.#capacity, this.#flags)
    ) {
      if (count === -1) {
        if (errno() !== ERRNO.EAGAIN) unlessInterrupted("recv");
        else if (this.#anyDropped() || vain++ === VAIN_WAITS) return this.#lose();
        continue;
      }
      const ahead = (this.#inHeader[NUMBER]! - this.#received) | 0;
      if (ahead < 0) continue;
      this.#early = ahead > 0 ? count : 0;
      if (ahead > 0) return this.#lose();
      if (count !== HEADER_BYTES + length) {
        throw new WrongLength("recv", count - HEADER_BYTES, length);
      }
      return this.#take();
    }
  }

  /** Whether the kernel dropped more than was given up so far; then the next look waits for nothing. */
  #anyDropped(): boolean {
    const dropped = receiveQueue(this.#dataIn).dropped - this.#droppedBefore;
    const any = dropped > this.lost;
    this.#flags = any ? MSG_TRUNC | MSG_DONTWAIT : MSG_TRUNC;
    return any;
  }

  #lose(): Payload {
    this.lost++;
    this.#received = (this.#received + 1) | 0;
    if (++this.#untold > this.#window >> 1) this.#tell();
    return this.#nothing;
  }

  #tell(): void {
    this.#countWord[0] = this.#received;
    while (send(this.#countsOut, this.#count.pointer, 4n, 0) !== 4) unlessInterrupted("send");
    this.#untold = 0;
  }

  /** Sleeps until the other side has told that it received enough. */
  #awaitCount(): void {
    for (let vain = 0; ((this.#sent - this.#acknowledged) | 0) >= this.#window;) {
      if (recv(this.#countsIn, this.#count.pointer, 4n, 0) === 4) {
        this.#acknowledge(this.#countWord[0]!);
      } else if (errno() !== ERRNO.EAGAIN) {
        unlessInterrupted("recv");
      } else if (++vain === VAIN_WAITS) {
        this.#acknowledged = this.#sent; // it is not coming any more
      }
    }
  }

  #acknowledge(received: number): void {
    if (((received - this.#acknowledged) | 0) > 0) this.#acknowledged = received;
  }

  [Symbol.dispose](): void {
    this.#out[Symbol.dispose]();
    this.#in[Symbol.dispose]();
    this.#nothing[Symbol.dispose]();
  }
}

function largestMessage(): Limit {
  const { name, value, unit, source } = limit.udpMaxDatagram();
  return { name: `${name} less 8 for number and count`, value: value - HEADER_BYTES, unit, source };
}

export const facility: Facility = {
  id: "udp",
  title: "UDP socket",
  summary: "Datagrams that also reach other hosts, here over loopback; some may be lost.",
  origin: { family: "BSD", source: "4.2BSD (1983); RFC 768; POSIX.1-2001 AF_INET" },
  semantics: {
    boundaries: "message",
    identifier: "address-and-port",
    handle: "descriptor",
    accessibility: "any-process",
    persistence: "process",
    pollable: true,
    order: "none",
    destructiveReads: true,
    emptyBlocks: true,
    whenFull: "loses",
    peek: true,
    oneToMany: true,
  },
  inapplicable: withoutLoopback,
  limits: () => [
    limit.udpMaxDatagram(),
    limit.socketReceiveBuffer(),
    limit.socketReceiveBufferMax(),
    limit.socketSendBuffer(),
  ],
  channel: {
    create,
    attach: (link: UdpLink, role) => new UdpChannel(link, role),
    largestMessage,
    lossy: true,
  },
};
