/**
 * A thread that becomes `nobody` and then does whatever calls it is given, one list after the other.
 *
 * @module
 */
import { becomeUser, NOBODY } from "../../facilities/libc/linux_credentials.ts";
import { errnoOf, type Row } from "../facilities/calls.ts";

export type Attack = Pick<Row, "call" | "args">;

/** The other end of the thread: what became of each attack, an errno's name, or null where it did. */
export class Stranger implements Disposable {
  readonly #worker = new Worker(import.meta.url, { type: "module", name: THREAD });

  attempt(attacks: readonly Attack[]): Promise<(string | null)[]> {
    const { promise, resolve, reject } = Promise.withResolvers<(string | null)[]>();
    this.#worker.onmessage = ({ data }) => resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    this.#worker.postMessage(attacks);
    return promise;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}

const THREAD = "stranger";

if ("WorkerGlobalScope" in globalThis && self.name === THREAD) {
  let changed = false;
  const thread = self as unknown as Worker;
  thread.onmessage = ({ data }: MessageEvent<Attack[]>) => {
    if (!changed) becomeUser(NOBODY, NOBODY);
    changed = true;
    thread.postMessage(data.map(errnoOf));
  };
}
