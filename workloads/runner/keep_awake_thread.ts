/**
 * The spinner of one CPU; see `keep_awake.ts`.
 *
 * @module
 */
import { becomeIdleClass, pin } from "../../facilities/libc/sched.ts";
import { gettid } from "../../facilities/libc/unistd.ts";
import type { SpinnerAnswer, SpinnerOrder } from "./keep_awake.ts";

declare const self: {
  onmessage: (event: MessageEvent<SpinnerOrder>) => void;
  postMessage(answer: SpinnerAnswer): void;
};

self.onmessage = ({ data: { cpu, stop } }) => {
  try {
    pin([cpu]);
    becomeIdleClass();
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return self.postMessage({ error: `Cannot keep CPU ${cpu} awake: ${reason}` });
  }
  self.postMessage({ thread: gettid() });
  const word = new Int32Array(stop);
  while (Atomics.load(word, 0) === 0);
};
