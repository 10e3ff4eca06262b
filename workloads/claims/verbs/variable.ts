/**
 * What a thread does with the variable that the threads of its process share; and what the same costs
 * it by a channel. Both carry `count` numbers, one to a place or a message, and are timed alike.
 *
 * @module
 */
import { now } from "../../../facilities/libc/time.ts";
import { listDescriptors } from "./descriptors.ts";
import { sharedMappings } from "./memory.ts";
import { receiveMany, sendMany } from "./contract.ts";

let words = new Int32Array(new SharedArrayBuffer(4096));

/** Called with the same memory in every thread of the process. */
export function shareVariable(memory: SharedArrayBuffer): void {
  words = new Int32Array(memory);
}

/** Puts `count` numbers into the shared variable: nanoseconds, and kernel objects opened for it. */
export function putVariable(count: number, first: number) {
  const before = kernelObjects();
  const start = now();
  for (let place = 0; place < count; place++) Atomics.store(words, place, first + place);
  const ns = now() - start;
  return { ns, opened: kernelObjects() - before };
}

/** Descriptors and shared mappings of this process. */
function kernelObjects(): number {
  return listDescriptors().length + sharedMappings();
}

/** Takes them: how many were right, and nanoseconds. */
export function takeVariable(count: number, first: number) {
  let right = 0;
  const start = now();
  for (let place = 0; place < count; place++) {
    if (Atomics.load(words, place) === first + place) right++;
  }
  return { right, ns: now() - start };
}

/** Sends `count` numbers by the channel; nanoseconds. */
export function putChannel(count: number, length: number): number {
  const start = now();
  sendMany(count, length);
  return now() - start;
}

/** Receives them: how many were right, and nanoseconds. */
export function takeChannel(count: number, length: number) {
  const start = now();
  const right = receiveMany(count, length);
  return { right, ns: now() - start };
}
