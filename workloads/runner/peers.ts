/**
 * The peers of a trial, seen from the coordinator, which is not their parent.
 *
 * @module
 */
import { SystemCallError } from "../../facilities/libc/errno.ts";
import { tryReadText } from "../../facilities/libc/files.ts";
import { SIGKILL } from "../../facilities/libc/signal.ts";
import { ProcessHandle } from "../../facilities/libc/sys_pidfd.ts";

/** How long after one participant's end the others may take to end too, milliseconds. */
export const GRACE_MS = 2_000;

/** Held by descriptor, so that no other process can come to be meant. */
export class Peers {
  readonly #initiator: number;
  readonly #longestMs: number;
  readonly #onEnd: () => void;
  readonly #held: ProcessHandle[] = [];
  readonly #watches: Promise<void>[] = [];
  readonly #over = Promise.withResolvers<void>();

  /** @param onEnd called when a peer has ended and the trial has not some time after */
  constructor(initiator: number, longestMs: number, onEnd: () => void) {
    this.#initiator = initiator;
    this.#longestMs = longestMs;
    this.#onEnd = onEnd;
  }

  /** Takes hold of those of the processes that are children of the initiator, as peers are. */
  hold(ids: readonly unknown[]): void {
    for (const id of ids) {
      const process = this.#child(id);
      if (process === null) continue;
      this.#held.push(process);
      this.#watches.push(this.#watch(process));
    }
  }

  #child(id: unknown): ProcessHandle | null {
    if (!Number.isInteger(id) || (id as number) <= 0) return null;
    let process: ProcessHandle;
    try {
      process = new ProcessHandle(id as number);
    } catch (error) {
      // It has ended, or this kernel has no such handles: then the deadline has to do.
      if (error instanceof SystemCallError) return null;
      throw error;
    }
    // Looked up once it is held, so that the answer is about this very process.
    const parent = / \(.*\) \w (\d+) /s.exec(tryReadText(`/proc/${id}/stat`) ?? "")?.[1];
    if (parent === undefined || Number(parent) === this.#initiator) return process;
    process[Symbol.dispose]();
    return null;
  }

  async #watch(process: ProcessHandle): Promise<void> {
    if (!await process.ended(this.#longestMs)) return;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, GRACE_MS);
    await Promise.race([
      this.#over.promise.then(() => clearTimeout(timer)),
      late.promise.then(this.#onEnd),
    ]);
  }

  kill(): void {
    for (const process of this.#held) process.signal(SIGKILL);
  }

  /** Resolves when all have ended, after `kill`. */
  async ended(): Promise<void> {
    this.#over.resolve();
    await Promise.all(this.#held.map((process) => process.ended(GRACE_MS)));
    await Promise.all(this.#watches);
    this.#held.forEach((process) => process[Symbol.dispose]());
  }
}
