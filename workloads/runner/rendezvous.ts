/**
 * Where the participants of a trial meet: one shared page with barriers, the task at hand, and what
 * each of them has to report. Waiting is by futex, so that a waiter leaves its CPU to the others.
 *
 * @module
 */
import { futexWait, futexWake } from "../../facilities/libc/linux_futex.ts";
import type { Memory } from "../../facilities/libc/memory.ts";
import type { Usage } from "../../facilities/libc/sys_resource.ts";
import { EXCHANGE_WORDS } from "./trial_controls.ts";
import { createSharedPage, mapSharedPage } from "../../facilities/shared_page.ts";
import type { Outcome } from "../workload.ts";

/** Barriers, the order, what all report and why one gave up; the ledger follows. */
const BYTES = 16_384;
/** Participants that the page has room for. */
export const MOST_PARTICIPANTS = 64;
/** Clock readings that a participant can note in one task. */
export const MOST_STAMPS = 1 << 18;
const LEDGER_BYTES = (MOST_STAMPS + 1) * 8;

/** Word indices. */
const ABORTED = 0;
const BARRIERS = { all: 32, active: 64 };
const GENERATION = 1;
const ORDER = 96;
const SHARED = 128;
const SHARED_WORDS = 64;
const EXCHANGE = SHARED + SHARED_WORDS;
/** Byte offsets. */
const REPORTS = 2_048;
const REPORT_DOUBLES = 16;
const MESSAGE = 12_288;

/** What the initiator asks of its peers next. */
export interface Order {
  /**
   * `done`: this cell is finished; `verify`: prove the facility first; `run`: do the task; `control`:
   * measure the distance between the CPUs.
   */
  readonly kind: "done" | "verify" | "run" | "control";
  readonly count: number;
  readonly batch: number;
  readonly lead: number;
  readonly length: number;
  readonly durationNs: number;
  readonly pilot: boolean;
  /** Whether the loop is compiled first, where it is not. */
  readonly compile: boolean;
}

/** What a participant says of a task. */
export interface Report {
  readonly outcome: Outcome;
  readonly used: Usage;
  /** Whether its loop was compiled when it ended. */
  readonly compiled: boolean;
}

const KINDS = ["done", "verify", "run", "control"] as const;

/** The word ABORTED while the reason is being written, and once it can be read. */
const TELLING = 1;
const TOLD = 2;
/** About a second of looking. */
const MOST_LOOKS = 100_000_000;

/** Another participant gave up; its message says why. */
export class Aborted extends Error {
  override readonly name = "Aborted";
}

/** One participant's view of the meeting place. */
export class Rendezvous implements Disposable {
  readonly #memory: Memory;
  readonly #words: Int32Array<ArrayBuffer>;
  readonly #doubles: Float64Array<ArrayBuffer>;
  readonly shared: Int32Array;
  /** Words for the control across CPUs, zero when an order is given. */
  readonly exchange: Int32Array;
  readonly ledger: Float64Array;

  constructor(fd: number) {
    this.#memory = mapSharedPage(fd, BYTES + LEDGER_BYTES);
    this.#words = this.#memory.words;
    this.#doubles = new Float64Array(this.#memory.buffer, 0, BYTES / 8);
    this.ledger = new Float64Array(this.#memory.buffer, BYTES, MOST_STAMPS + 1);
    this.shared = this.#words.subarray(SHARED, SHARED + SHARED_WORDS);
    this.exchange = this.#words.subarray(EXCHANGE, EXCHANGE + EXCHANGE_WORDS);
  }

  static create(): { fd: number; [Symbol.dispose](): void } {
    return createSharedPage(BYTES + LEDGER_BYTES);
  }

  /**
   * Waits until `parties` participants have come here.
   *
   * @throws {Aborted} when one of them gave up instead
   */
  meet(barrier: keyof typeof BARRIERS, parties: number): void {
    const words = this.#words;
    const arrived = BARRIERS[barrier];
    const generation = arrived + GENERATION;
    const seen = Atomics.load(words, generation);
    if (Atomics.add(words, arrived, 1) + 1 === parties) {
      Atomics.store(words, arrived, 0);
      this.#open(generation);
    } else {
      while (Atomics.load(words, generation) === seen && Atomics.load(words, ABORTED) === 0) {
        futexWait(this.#memory.at(generation * 4), seen);
      }
    }
    if (Atomics.load(words, ABORTED) !== 0) throw new Aborted(this.#message());
  }

  #open(generation: number): void {
    Atomics.add(this.#words, generation, 1);
    futexWake(this.#memory.at(generation * 4), MOST_PARTICIPANTS);
  }

  /** Gives up: everyone who waits here, or comes here later, learns why. */
  abort(reason: string): void {
    if (Atomics.compareExchange(this.#words, ABORTED, 0, TELLING) === 0) {
      const { bytes } = this.#memory;
      const { written } = new TextEncoder().encodeInto(reason, bytes.subarray(MESSAGE, BYTES - 1));
      bytes[MESSAGE + written] = 0;
      Atomics.store(this.#words, ABORTED, TOLD);
    }
    for (const barrier of Object.values(BARRIERS)) this.#open(barrier + GENERATION);
  }

  /** Whoever gave up may still be writing the reason, or may have been killed meanwhile. */
  #message(): string {
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      if (Atomics.load(this.#words, ABORTED) === TOLD) break;
    }
    const text = this.#memory.bytes.slice(MESSAGE);
    return new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
  }

  /** Leaves an order for the peers; they read it after the next meeting. */
  set order({ kind, count, batch, lead, length, durationNs, pilot, compile }: Order) {
    const flags = Number(pilot) | Number(compile) << 1;
    this.#words.set([KINDS.indexOf(kind), count, batch, lead, length, durationNs, flags], ORDER);
    this.shared.fill(0);
    this.exchange.fill(0);
  }

  get order(): Order {
    const words = this.#words;
    return {
      kind: KINDS[words[ORDER]!]!,
      count: words[ORDER + 1]!,
      batch: words[ORDER + 2]!,
      lead: words[ORDER + 3]!,
      length: words[ORDER + 4]!,
      durationNs: words[ORDER + 5]!,
      pilot: (words[ORDER + 6]! & 1) !== 0,
      compile: (words[ORDER + 6]! & 2) !== 0,
    };
  }

  /** Leaves what this participant did and what it consumed meanwhile. */
  report(rank: number, { outcome, used, compiled }: Report): void {
    this.#doubles.set([
      outcome.start,
      outcome.end,
      outcome.operations,
      outcome.stamps,
      outcome.errors,
      outcome.lost ?? 0,
      used.cpuNs,
      used.minorFaults,
      used.voluntarySwitches,
      used.involuntarySwitches,
      // Not a number: this participant has none to report.
      outcome.share ?? NaN,
      outcome.amount ?? NaN,
      outcome.declared ?? NaN,
      outcome.heapGrowth ?? NaN,
      Number(compiled),
    ], this.#reportAt(rank));
  }

  reportOf(rank: number): Report {
    const at = this.#reportAt(rank);
    const field = (index: number) => this.#doubles[at + index]!;
    const given = (index: number) => Number.isNaN(field(index)) ? undefined : field(index);
    return {
      outcome: {
        start: field(0),
        end: field(1),
        operations: field(2),
        stamps: field(3),
        errors: field(4),
        lost: field(5),
        share: given(10),
        amount: given(11),
        declared: given(12),
        heapGrowth: given(13),
      },
      used: {
        cpuNs: field(6),
        minorFaults: field(7),
        voluntarySwitches: field(8),
        involuntarySwitches: field(9),
      },
      compiled: field(14) === 1,
    };
  }

  #reportAt(rank: number): number {
    return REPORTS / 8 + rank * REPORT_DOUBLES;
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
  }
}
