/**
 * The program of a participant: does what it is ordered, one order after the other.
 *
 * An order is a line of JSON on stdin, its outcome a line on stdout. Orders for a named thread are
 * passed on to a worker of that name, so that two threads of this process can take part as well.
 *
 * @module
 */
import { SystemCallError } from "../../facilities/libc/errno.ts";
import { LimitError } from "../../facilities/limit_error.ts";
import { dieWithParent } from "../../facilities/libc/sys_prctl.ts";
import { threadModule, THREADS } from "../../facilities/programs.ts";
import { shareVariable } from "./verbs/variable.ts";
import { type Verb, VERBS } from "./verbs/mod.ts";

/** One order. */
export interface Order {
  readonly id: number;
  readonly verb: Verb;
  readonly args: readonly unknown[];
  /** The thread that it is for; the main thread when absent. */
  readonly thread?: string;
}

/** What became of it. */
export interface Outcome {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: Failure;
}

/** Why an order was not carried out; `call` where the kernel refused. */
interface Failure {
  readonly message: string;
  readonly code: string;
  readonly call?: string;
}

async function carryOut({ id, verb, args }: Order): Promise<Outcome> {
  try {
    const act = VERBS[verb] as (...args: readonly unknown[]) => unknown;
    return { id, value: await act(...args) ?? null };
  } catch (error) {
    return { id, error: describe(error) };
  }
}

/** The variable that the threads of this process share. */
const variable = new SharedArrayBuffer(4096);

function describe(error: unknown): Failure {
  // What failed first; cleaning up after it may fail, too.
  if (error instanceof SuppressedError) return describe(error.suppressed);
  if (error instanceof SystemCallError) {
    const { message, code, call } = error;
    return { message, code, call };
  }
  if (error instanceof LimitError) return { message: error.message, code: error.code };
  if (error instanceof Error) return { message: error.message, code: error.name };
  return { message: String(error), code: "Error" };
}

const workers = new Map<string, Worker>();

function workerOf(name: string): Worker {
  const known = workers.get(name);
  if (known) return known;
  const url = threadModule(import.meta.url);
  const worker = new Worker(url, { type: "module", name: `${THREADS.experiment}${name}` });
  worker.onmessage = ({ data }) => report(data);
  worker.postMessage(variable);
  workers.set(name, worker);
  return worker;
}

function report(outcome: Outcome): void {
  console.log(JSON.stringify(outcome));
}

/** The program of a participant that is a process: its parent is the last argument. */
export async function main(parent: number): Promise<void> {
  if (!dieWithParent(parent)) return;
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const order: Order = JSON.parse(line);
      if (order.thread !== undefined) workerOf(order.thread).postMessage(order);
      else report(await carryOut(order));
    }
  }
  workers.forEach((worker) => worker.terminate());
}

// A worker's module counts as main, too.
if (typeof self === "object" && self.name?.startsWith(THREADS.experiment)) {
  const thread = self as unknown as Worker;
  thread.onmessage = async ({ data }: MessageEvent<Order | SharedArrayBuffer>) => {
    if (data instanceof SharedArrayBuffer) shareVariable(data);
    else thread.postMessage(await carryOut(data));
  };
} else if (import.meta.main) {
  await main(Number(Deno.args.at(-1)));
}
