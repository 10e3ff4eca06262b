/**
 * Keeps CPUs out of their idle states, so that a wake-up costs what the kernel takes for it and not
 * what the processor or the hypervisor takes to come back.
 *
 * A thread of this process spins on each CPU in the class SCHED_IDLE: whatever else wants to run
 * there runs at once. Its time is this process's, not the participants'. Being threads, the spinners
 * cannot outlive the process, however it ends. Participants let those sleep that they do not need
 * (`spinners.ts`).
 *
 * @module
 */
import { isErrno } from "../../facilities/libc/errno.ts";
import { tryReadText } from "../../facilities/libc/files.ts";
import { allowedCpus, pin } from "../../facilities/libc/sched.ts";
import { threadModule, THREADS } from "../../facilities/programs.ts";
import { Spinners, type SpinnersLink } from "./spinners.ts";

/** The spinners of some CPUs. Stopping twice does no harm. */
export interface Awake extends AsyncDisposable {
  /** The threads that spin, one a CPU, in the order of the CPUs. */
  readonly threads: readonly number[];
  /** For participants, who say which of them are to spin; all do until then. */
  readonly link: SpinnersLink;
  /** Resolves when none of the threads is left. */
  stop(): Promise<void>;
}

/** What the owner tells a spinner. */
export interface SpinnerOrder {
  cpu: number;
  link: SpinnersLink;
}

/** What a spinner answers once it is about to spin, or instead of that. */
export type SpinnerAnswer = { thread: number } | { error: string };

/**
 * Keeps the given CPUs awake; resolves when all of them are.
 *
 * Do not call `pinOtherThreads` while it lasts: that would move the spinners too.
 *
 * @throws {Error} where a CPU is not one that this process may use
 *
 * @example
 * ```ts
 * await using awake = await keepAwake([0, 1]);
 * ```
 */
export async function keepAwake(cpus: readonly number[]): Promise<Awake> {
  const page = Spinners.create(cpus);
  const { link } = page;
  const spinners = link.cpus.map((cpu) => startSpinner({ cpu, link }));
  let stopping: Promise<void> | undefined;
  const end = async () => {
    using shared = new Spinners(link);
    shared.stop();
    for (const { worker, answer } of spinners) {
      const told = await answer;
      worker.terminate();
      if ("thread" in told) await ended(told.thread);
    }
    page[Symbol.dispose]();
  };
  const awake = {
    link,
    threads: [] as number[],
    stop: () => stopping ??= end(),
    [Symbol.asyncDispose]: () => awake.stop(),
  };
  for (const { answer } of spinners) {
    const told = await answer;
    if ("thread" in told) {
      awake.threads.push(told.thread);
    } else {
      await awake.stop();
      throw new Error(told.error);
    }
  }
  return awake;
}

function startSpinner(order: SpinnerOrder): { worker: Worker; answer: Promise<SpinnerAnswer> } {
  const url = threadModule(import.meta.resolve("./keep_awake_thread.ts"));
  const worker = new Worker(url, { type: "module", name: `${THREADS.awake}${order.cpu}` });
  const { promise: answer, resolve } = Promise.withResolvers<SpinnerAnswer>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ error: `Cannot keep CPU ${order.cpu} awake: ${event.message}` });
  };
  worker.postMessage(order);
  return { worker, answer };
}

/** Waits until a thread of this process is gone; nothing announces that, so it is looked up. */
async function ended(thread: number): Promise<void> {
  // Where its CPU is busy it would come to its end only when that one idles.
  release(thread);
  while (tryReadText(`/proc/self/task/${thread}/stat`) !== null) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function release(thread: number): void {
  try {
    pin(allowedCpus(), thread);
  } catch (error) {
    if (!isErrno(error, "ESRCH")) throw error;
  }
}
