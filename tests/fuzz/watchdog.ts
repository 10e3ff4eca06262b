/**
 * Ends this process when a case hangs, even in a loop that never yields: a thread looks on from
 * outside, and names the case.
 *
 * @module
 */

/** Longer than any case takes on a busy machine. */
const PATIENCE_MS = 60_000;
const MOST_BYTES = 1 << 16;

/** Word 0 counts what begins and ends: it is odd while a case runs. Behind it, what the case is. */
const memory = new SharedArrayBuffer(8 + MOST_BYTES);
const words = new Int32Array(memory, 0, 2);

const THREAD = "fuzz watchdog";

let watchdog: Worker | undefined;

/** Does the work of one case under watch. */
export async function watched<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  watchdog ??= watch();
  const bytes = new TextEncoder().encode(name).subarray(0, MOST_BYTES);
  new Uint8Array(memory, 8).set(bytes);
  words[1] = bytes.length;
  Atomics.add(words, 0, 1);
  try {
    return await work();
  } finally {
    Atomics.add(words, 0, 1);
  }
}

function watch(): Worker {
  const worker = new Worker(import.meta.url, { type: "module", name: THREAD });
  worker.postMessage(memory);
  return worker;
}

/** Call when the cases are done: a thread that looks on would be left over. */
export function unwatch(): void {
  watchdog?.terminate();
  watchdog = undefined;
}

if ("WorkerGlobalScope" in globalThis && self.name === THREAD) {
  const thread = self as unknown as Worker;
  thread.onmessage = ({ data }: MessageEvent<SharedArrayBuffer>) => {
    const seen = new Int32Array(data, 0, 2);
    for (let last = -1;;) {
      const now = Atomics.load(seen, 0);
      if (now === last && now % 2 === 1) {
        const name = new TextDecoder().decode(new Uint8Array(data, 8).slice(0, seen[1]));
        console.error(`This case hangs: ${name}`);
        Deno.kill(Deno.pid, "SIGKILL");
      }
      last = now;
      Atomics.wait(seen, 1, seen[1]!, PATIENCE_MS);
    }
  };
}
