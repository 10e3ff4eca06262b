/**
 * The participants of the experiments, seen from the coordinator: processes that take orders.
 *
 * @module
 */
import { SystemCallError } from "../../facilities/libc/errno.ts";
import {
  blockSignals,
  FACILITY_SIGNALS,
  SIGINT,
  unblockSignals,
} from "../../facilities/libc/signal.ts";
import { processArguments, PROCESSES } from "../../facilities/programs.ts";
import { obstacleIn } from "./obstacle.ts";
import type { Order, Outcome } from "./participant.ts";
import { ENDED, Refusal } from "./refusal.ts";
import { describe, type Sleep, sleepOf } from "./sleep.ts";
import type { Result, Verb, Verbs } from "./verbs/mod.ts";

/** Something that takes orders: a process, or a thread of one. */
export interface Participant {
  readonly name: string;
  order<V extends Verb>(verb: V, ...args: Parameters<Verbs[V]>): Promise<Result<V>>;
  /**
   * Resolves once the order sleeps in a system call of its own.
   *
   * @throws {Error} when the order is carried out without sleeping
   */
  asleep(pending: Promise<unknown>): Promise<Sleep>;
}

/** A process that takes orders. */
export class ProcessParticipant implements Participant {
  readonly name: string;
  readonly pid: number;
  /** Where descriptors can be handed over to it. */
  readonly mailbox: string;
  readonly #process: Deno.ChildProcess;
  readonly #orders: WritableStreamDefaultWriter<Uint8Array>;
  readonly #threads = new Map<string, Participant>();
  readonly #waiting = new Map<number, { verb: Verb; outcome: PromiseWithResolvers<unknown> }>();
  readonly #outcomes: Promise<void>;
  #next = 0;
  /** How it ended; null while it lives. */
  #end: Deno.CommandStatus | null = null;
  /** Not to be used for another experiment. */
  spent = false;

  constructor(name: string, mailbox: string) {
    this.name = name;
    this.mailbox = mailbox;
    this.#process = start();
    this.pid = this.#process.pid;
    this.#orders = this.#process.stdin.getWriter();
    this.#outcomes = this.#listen();
  }

  get busy(): boolean {
    return this.#waiting.size > 0;
  }

  /** What it has been ordered to do and has not done, and where it sleeps over that; null at rest. */
  get unfinished(): string | null {
    if (!this.busy) return null;
    const verbs = [...this.#waiting.values()].map(({ verb }) => verb).join(", ");
    const sleep = whereAsleep(this.pid);
    return `${this.name} at ${verbs}${sleep ? `, asleep in ${describe(sleep)}` : ""}`;
  }

  order<V extends Verb>(verb: V, ...args: Parameters<Verbs[V]>): Promise<Result<V>> {
    return this.#give(verb, args);
  }

  asleep(pending: Promise<unknown>): Promise<Sleep> {
    return fallingAsleep(this.pid, this.pid, pending, this.name);
  }

  /** A thread of this process, which takes orders of its own. */
  async thread(name: string): Promise<Participant> {
    const known = this.#threads.get(name);
    if (known) return known;
    const give = <V extends Verb>(verb: V, args: Parameters<Verbs[V]>) =>
      this.#give(verb, args, name);
    const { thread } = await give("identity", []);
    const participant: Participant = {
      name: `thread ${name}`,
      order: (verb, ...args) => give(verb, args),
      asleep: (pending) => fallingAsleep(this.pid, thread, pending, name),
    };
    this.#threads.set(name, participant);
    return participant;
  }

  /** Becomes as it was at the start, with all its threads. */
  async reset(): Promise<void> {
    for (const thread of this.#threads.values()) await thread.order("reset");
    await this.order("reset");
  }

  /** Ends it as a crash would. */
  end(): void {
    this.spent = true;
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  /** The same, and returns when it is gone. */
  async kill(): Promise<void> {
    this.end();
    await this.#process.status;
    await this.#outcomes;
    await this.#orders.abort().catch(() => {});
  }

  #give<V extends Verb>(verb: V, args: Parameters<Verbs[V]>, thread?: string): Promise<Result<V>> {
    const id = this.#next++;
    const outcome = Promise.withResolvers<unknown>();
    outcome.promise.catch(() => {}); // whoever awaits it is told; nobody may
    if (this.#end !== null) outcome.reject(this.#ended(this.#end, verb));
    else this.#waiting.set(id, { verb, outcome });
    const order: Order = { id, verb, args, thread };
    this.#orders.write(new TextEncoder().encode(JSON.stringify(order) + "\n")).catch(() => {});
    return outcome.promise as Promise<Result<V>>;
  }

  async #listen(): Promise<void> {
    let rest = "";
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.#settle(JSON.parse(line));
    }
    const status = this.#end = await this.#process.status;
    for (const { verb, outcome } of this.#waiting.values()) {
      outcome.reject(this.#ended(status, verb));
    }
    this.#waiting.clear();
  }

  #ended({ signal, code }: Deno.CommandStatus, verb: Verb): Refusal {
    const how = signal ?? `exit code ${code}`;
    return new Refusal(`${this.name} has ended (${how})`, ENDED, {
      verb,
      signal: signal ?? undefined,
    });
  }

  #settle({ id, value, error }: Outcome): void {
    const { verb, outcome } = this.#waiting.get(id) ?? {};
    this.#waiting.delete(id);
    if (error) outcome?.reject(new Refusal(error.message, error.code, { call: error.call, verb }));
    else outcome?.resolve(value);
  }
}

const PROGRAM = import.meta.resolve("./participant.ts");

const OPTIONS = [
  "--quiet",
  "--no-config",
  "--no-lock",
  "--no-prompt",
  "--allow-ffi",
  "--allow-read",
];

/** Every thread of a participant has the facilities' signals blocked, as its parent had. */
function start(): Deno.ChildProcess {
  const signals = [...FACILITY_SIGNALS, SIGINT];
  blockSignals(signals);
  try {
    return new Deno.Command(Deno.execPath(), {
      args: [...processArguments(PROCESSES.experiment, PROGRAM, OPTIONS), `${Deno.pid}`],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
  } finally {
    unblockSignals(signals);
  }
}

/** Where the first thread of a process sleeps; null where it does not, or nobody may know. */
function whereAsleep(process: number): Sleep | null {
  try {
    return sleepOf(process, process);
  } catch (error) {
    if (error instanceof SystemCallError) return null;
    throw error;
  }
}

/** Looks at a thread, a millisecond or more apart, before what cannot be read is taken for that. */
const MOST_UNREADABLE = 1_000;

async function fallingAsleep(
  process: number,
  thread: number,
  pending: Promise<unknown>,
  name: string,
): Promise<Sleep> {
  let outcome: string | undefined;
  let refusal: unknown;
  pending.then(
    (value) => outcome = `returned ${JSON.stringify(value)}`,
    (error) => [outcome, refusal] = [`ended with ${error.message}`, error],
  );
  for (let unreadable = 0;;) {
    if (obstacleIn(refusal)) throw refusal;
    if (outcome !== undefined) throw new Awake(`${name} ${outcome} instead of sleeping`);
    try {
      const sleep = sleepOf(process, thread);
      if (sleep) return sleep;
    } catch (error) {
      // Of one that has just ended nothing can be read; its orders are about to end, too.
      if (++unreadable > MOST_UNREADABLE) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 1)); // then the state is read again
  }
}

/** A call came back that should have slept. */
export class Awake extends Error {
  override readonly name = "Awake";
}
