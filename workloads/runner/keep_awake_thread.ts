/**
 * The spinner of one CPU; see `keep_awake.ts`.
 *
 * @module
 */
import { becomeIdleClass, pin } from "../../facilities/libc/sched.ts";
import { gettid } from "../../facilities/libc/unistd.ts";
import type { SpinnerAnswer, SpinnerOrder } from "./keep_awake.ts";
import { Spinners } from "./spinners.ts";

declare const self: {
  onmessage: (event: MessageEvent<SpinnerOrder>) => void;
  postMessage(answer: SpinnerAnswer): void;
};

self.onmessage = ({ data: { cpu, link } }) => {
  try {
    pin([cpu]);
    becomeIdleClass();
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return self.postMessage({ error: `Cannot keep CPU ${cpu} awake: ${reason}` });
  }
  using spinners = new Spinners(link);
  self.postMessage({ thread: gettid() });
  spinners.spin(cpu);
};
