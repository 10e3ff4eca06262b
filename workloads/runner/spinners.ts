/**
 * Which of the spinners that keep CPUs awake are to spin just now: one page that their owner, they
 * themselves and the participants of a trial share.
 *
 * A spinner is not for nothing. It is one more task to choose from at each switch on its CPU: a round
 * trip between two processes on one CPU took 6.8 µs in C with a spinner beside them and 4.4 µs without
 * (Linux 6.18, EEVDF), though neither ever left the CPU to it. So only those spin whose CPU would
 * idle now and then in the cell at hand.
 *
 * @module
 */
import { futexWait, futexWake } from "../../facilities/libc/linux_futex.ts";
import type { Memory } from "../../facilities/libc/memory.ts";
import { now, sleepUntil } from "../../facilities/libc/time.ts";
import { createSharedPage, mapSharedPage } from "../../facilities/shared_page.ts";

/** Where the page is, and the CPUs of the spinners in the order of their words. Plain JSON. */
export interface SpinnersLink {
  readonly page: number;
  readonly cpus: readonly number[];
}

/** Words of one spinner, a cache line or two from the next one's: what it is to do, what it does. */
const WORDS_APART = 32;
const BYTES_APART = 4 * WORDS_APART;
const ORDER = 0;
const STATE = 1;

const SPIN = 0;
const SLEEP = 1;
const STOP = 2;

/** Time that a spinner gets to fall asleep in, again and again until it has said that it does. */
const NAP_NS = 100_000;
/** Where somebody else keeps its CPU busy it does not come to that. */
const PATIENCE_NS = 10e6;

/** One view of the page. */
export class Spinners implements Disposable {
  readonly #cpus: readonly number[];
  readonly #memory: Memory;
  readonly #words: Int32Array<ArrayBuffer>;

  /** @throws {SystemCallError} EBADF, ENOMEM */
  constructor({ page, cpus }: SpinnersLink) {
    this.#cpus = cpus;
    this.#memory = mapSharedPage(page, cpus.length * BYTES_APART);
    this.#words = this.#memory.words;
  }

  /** The page for the spinners of the given CPUs, each named once. @throws {SystemCallError} EMFILE */
  static create(cpus: readonly number[]): { link: SpinnersLink; [Symbol.dispose](): void } {
    const own = [...new Set(cpus)];
    const page = createSharedPage(own.length * BYTES_APART);
    return {
      link: { page: page.fd, cpus: own },
      [Symbol.dispose]: () => page[Symbol.dispose](),
    };
  }

  /**
   * Has only the spinners of these CPUs spin; returns when the others sleep. The caller sleeps
   * meanwhile: a spinner that is woken from its CPU before it sleeps would stay there to be chosen.
   */
  keepOnly(cpus: readonly number[]): void {
    const sleepy: number[] = [];
    for (const [spinner, cpu] of this.#cpus.entries()) {
      const order = cpus.includes(cpu) ? SPIN : SLEEP;
      if (this.#order(spinner, order) && order === SLEEP) sleepy.push(spinner);
    }
    if (sleepy.length === 0) return;
    const asleep = () =>
      sleepy.every((spinner) => Atomics.load(this.#words, spinner * WORDS_APART + STATE) === SLEEP);
    for (const end = now() + PATIENCE_NS; now() < end && !asleep();) sleepUntil(now() + NAP_NS);
    // It has said so, and is about to.
    sleepUntil(now() + NAP_NS);
  }

  /** Has all of them end. */
  stop(): void {
    for (const spinner of this.#cpus.keys()) this.#order(spinner, STOP);
  }

  /** Tells a spinner what to do; false where it knows. */
  #order(spinner: number, order: number): boolean {
    const word = spinner * WORDS_APART + ORDER;
    if (Atomics.exchange(this.#words, word, order) === order) return false;
    futexWake(this.#memory.at(4 * word), 1);
    return true;
  }

  /** What the spinner of a CPU does until it is stopped. */
  spin(cpu: number): void {
    const words = this.#words;
    const order = this.#cpus.indexOf(cpu) * WORDS_APART + ORDER;
    const state = order - ORDER + STATE;
    for (;;) {
      const told = Atomics.load(words, order);
      if (told === SPIN) continue;
      if (told === STOP) return;
      Atomics.store(words, state, SLEEP);
      while (Atomics.load(words, order) === SLEEP) futexWait(this.#memory.at(4 * order), SLEEP);
      Atomics.store(words, state, SPIN);
    }
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
  }
}
