/**
 * What a participant does with a facility through its contract.
 *
 * Messages are text of one byte a character, so that evidence can be read.
 *
 * @module
 */
import type {
  Capabilities,
  Capability,
  Handles,
  Link,
  Role,
} from "../../../facilities/facility.ts";
import { Scope } from "../../../facilities/scope.ts";
import { loadFacility } from "../../../facilities/taxonomy.ts";
import type { Payload } from "../../../facilities/libc/memory.ts";
import { usage } from "../../../facilities/libc/sys_resource.ts";
import { aboveDescriptor, inheritable } from "./descriptors.ts";
import { acquired, attached, created, held, scopes } from "./held.ts";

/** The options of `create`, as plain data. */
export interface CreateOrder {
  readonly facility: string;
  readonly capability: Capability;
  readonly variant?: string;
  readonly maxBytes: number;
  readonly participants: "process" | "thread";
  readonly count: number;
  readonly wait?: string;
  /** The folder that a scope is made in. */
  readonly folder: string;
  /** Its descriptors get numbers from here on. */
  readonly floor: number;
}

/** Creates the kernel objects; `descriptors` are those that a child would inherit. */
export async function create(order: CreateOrder): Promise<{ link: Link; descriptors: number[] }> {
  const facility = await loadFacility(order.facility);
  const scope = new Scope(order.folder);
  scopes.push(scope);
  const { capability, floor, variant, maxBytes, participants, count, wait } = order;
  const before = new Set(inheritable());
  const made = await aboveDescriptor(
    floor,
    async () =>
      await facility[capability]!.create({ variant, maxBytes, participants, count, wait, scope }),
  );
  created.set(floor, made);
  return { link: made.link, descriptors: inheritable().filter((fd) => !before.has(fd)) };
}

/** Removes what `create` with this floor made. */
export function remove(floor: number): void {
  created.get(floor)?.[Symbol.dispose]();
  created.delete(floor);
}

/** Takes one end; returns the handles behind it, where it has some. */
export async function attach(
  reference: string,
  capability: Capability,
  link: Link,
  role: Role,
): Promise<Handles | null> {
  const facility = await loadFacility(reference);
  const made = await facility[capability]!.attach(link, role);
  Object.assign(held, { [capability]: made });
  return (Array.isArray(made) ? made[0] : made as Capabilities["channel"])?.handles ?? null;
}

/** Disposes of one's end. */
export function detach(capability: Capability): void {
  const end = attached(capability);
  delete held[capability];
  for (const each of Array.isArray(end) ? end : [end]) each[Symbol.dispose]();
}

export function prepare(length: number): void {
  attached("channel").prepare(length);
}

/** The memory that the last message was sent from. */
let outgoing: Payload | undefined;
/** The memory that the last message was received into. */
let incoming: Payload | undefined;

/** Sends the texts, each as one message. */
export function send(...texts: string[]): void {
  const channel = attached("channel");
  for (const text of texts) {
    outgoing = channel.outgoing();
    writeText(outgoing.bytes, text);
    channel.send(text.length);
  }
}

/** Receives a message of `length` bytes. */
export function receive(length: number): string {
  incoming = attached("channel").receive(length);
  return readText(incoming.bytes, length);
}

/** Overwrites the memory that the last message was sent from. */
export function overwriteSent(text: string): void {
  writeText(outgoing!.bytes, text);
}

/** Overwrites the memory that the last message was received into. */
export function overwriteReceived(text: string): void {
  writeText(incoming!.bytes, text);
}

/** What stands now in the memory that the last message was sent from. */
export function lookAtSent(length: number): string {
  return readText(outgoing!.bytes, length);
}

/** Sends `count` messages of `length` bytes, the number of each in its first four. */
export function sendMany(count: number, length: number): number {
  const channel = attached("channel");
  for (let number = 0; number < count; number++) {
    const { bytes } = channel.outgoing();
    writeNumber(bytes, number);
    channel.send(length);
  }
  return count;
}

/** Receives them; returns how many had the number that was due. */
export function receiveMany(count: number, length: number, first = 0): number {
  const channel = attached("channel");
  let right = 0;
  for (let number = first; number < first + count; number++) {
    if (readNumber(channel.receive(length).bytes) === number) right++;
  }
  return right;
}

function writeNumber(bytes: Uint8Array, number: number): void {
  for (let at = 0; at < 4; at++) bytes[at] = number >> (8 * at);
}

function readNumber(bytes: Uint8Array): number {
  return bytes[0]! | bytes[1]! << 8 | bytes[2]! << 16 | bytes[3]! << 24;
}

export function post(times = 1): void {
  const notifier = attached("notifier");
  for (let time = 0; time < times; time++) notifier.post();
}

export function wait(): void {
  attached("notifier").wait();
}

export function acquire(): void {
  const [lock] = attached("lock");
  lock!.acquire();
  acquired.add(lock!);
}

export function release(): void {
  const [lock] = attached("lock");
  acquired.delete(lock!);
  lock!.release();
}

/** Stores into the shared memory, at a word's index. */
export function store(word: number, value: number): void {
  Atomics.store(attached("region").memory.words, word, value);
}

export function load(word: number): number {
  return Atomics.load(attached("region").memory.words, word);
}

/** Looks at the word until it has the value; false when it does not after so many looks. */
export function spinUntil(word: number, value: number, looks: number): boolean {
  const { words } = attached("region").memory;
  for (let look = 0; look < looks; look++) if (Atomics.load(words, word) === value) return true;
  return false;
}

/**
 * Answers each store of the other side with one of its own, on side 0 first; returns how many it saw
 * and how often it slept in a system call meanwhile.
 */
export function exchangeStores(side: 0 | 1, turns: number, looks: number) {
  const { words } = attached("region").memory;
  let seen = 0;
  const before = usage("thread").voluntarySwitches;
  for (let turn = 1; turn <= turns; turn++) {
    if (side === 0) Atomics.store(words, 0, turn);
    if (!spinUntil(1 - side, turn, looks)) break;
    seen++;
    if (side === 1) Atomics.store(words, 1, turn);
  }
  return { seen, sleeps: usage("thread").voluntarySwitches - before };
}

/** Where the shared memory lies in this process. */
export function address(): string {
  return `${Deno.UnsafePointer.value(attached("region").memory.pointer)}`;
}

/** One byte a character. */
function writeText(bytes: Uint8Array, text: string): void {
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
}

function readText(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...bytes.subarray(0, length));
}
