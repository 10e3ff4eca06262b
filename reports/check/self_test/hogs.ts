/**
 * Load for the self-test: threads of this process that compute on a CPU each, all the time or on and
 * off. Being threads, they cannot outlive the process.
 *
 * @module
 */
import { tryReadText } from "../../../facilities/libc/files.ts";
import { threadModule, THREADS } from "../../../facilities/programs.ts";

/** What a hog is told. */
export interface HogOrder {
  readonly cpu: number;
  /** Milliseconds of computing and of rest, drawn up to these; no rest when absent. */
  readonly onOff?: readonly [on: number, off: number];
  /** Not 0 once the hog is to end. */
  readonly stop: SharedArrayBuffer;
}

/** Hogs at work. */
export interface Hogs extends AsyncDisposable {
  /** Their threads, one a CPU. */
  readonly threads: readonly number[];
}

/** What a hog says: its thread when it starts to compute, null when it has ended. */
export type HogAnswer = number | null;

/**
 * Starts a hog on each CPU; resolves when all of them compute.
 *
 * @example
 * ```ts
 * await using hogs = await startHogs([0, 1]);
 * ```
 */
export async function startHogs(
  cpus: readonly number[],
  onOff?: HogOrder["onOff"],
): Promise<Hogs> {
  const stop = new SharedArrayBuffer(4);
  const word = new Int32Array(stop);
  const hogs = cpus.map((cpu) => {
    const url = threadModule(import.meta.resolve("./hog_thread.ts"));
    const worker = new Worker(url, { type: "module", name: `${THREADS.hog}${cpu}` });
    const started = Promise.withResolvers<number>();
    const ended = Promise.withResolvers<void>();
    worker.onmessage = ({ data }: MessageEvent<HogAnswer>) =>
      data === null ? ended.resolve() : started.resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      started.reject(new Error(`Cannot load CPU ${cpu}: ${event.message}`));
      ended.resolve();
    };
    worker.postMessage({ cpu, onOff, stop } satisfies HogOrder);
    return { worker, started: started.promise, ended: ended.promise };
  });
  const threads: number[] = [];
  const end = async () => {
    Atomics.store(word, 0, 1);
    Atomics.notify(word, 0);
    for (const { worker, ended } of hogs) {
      await ended;
      worker.terminate();
    }
    await Promise.all(threads.map(gone));
  };
  try {
    threads.push(...await Promise.all(hogs.map(({ started }) => started)));
  } catch (error) {
    await end();
    throw error;
  }
  return { threads, [Symbol.asyncDispose]: end };
}

/** Nothing announces the end of a thread, so it is looked up. */
async function gone(thread: number): Promise<void> {
  while (tryReadText(`/proc/self/task/${thread}/stat`) !== null) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
