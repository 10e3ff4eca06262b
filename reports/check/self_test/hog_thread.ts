/**
 * The thread of one hog; see `hogs.ts`.
 *
 * @module
 */
import { pin } from "../../../facilities/libc/sched.ts";
import { gettid } from "../../../facilities/libc/unistd.ts";
import type { HogAnswer, HogOrder } from "./hogs.ts";

declare const self: {
  onmessage: (event: MessageEvent<HogOrder>) => void;
  postMessage(answer: HogAnswer): void;
};

self.onmessage = ({ data: { cpu, onOff, stop } }) => {
  pin([cpu]);
  const word = new Int32Array(stop);
  self.postMessage(gettid());
  while (Atomics.load(word, 0) === 0) {
    const until = performance.now() + (onOff ? onOff[0] * Math.random() : Infinity);
    while (Atomics.load(word, 0) === 0 && performance.now() < until);
    if (onOff) Atomics.wait(word, 0, 0, onOff[1] * Math.random());
  }
  self.postMessage(null);
};
