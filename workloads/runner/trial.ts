/**
 * A trial, seen from outside: starts the initiator, sleeps, and takes its report. Whatever happens,
 * the trial ends by its deadline and leaves nothing behind.
 *
 * @module
 */
import { blockSignals, FACILITY_SIGNALS, kill, SIGKILL } from "../../facilities/libc/signal.ts";
import { processEnded } from "../../facilities/libc/sys_pidfd.ts";
import { getpid } from "../../facilities/libc/unistd.ts";
import { removeScope } from "../../facilities/scope.ts";
import type { InitiatorOrder, PeersLine, Report, StepLine } from "./participant.ts";
import type { CellResult, Visit } from "./visit.ts";

/** How a trial ended. */
export type TrialEnd =
  | { readonly status: "reported"; readonly report: Report }
  | { readonly status: "failed"; readonly reason: string }
  | { readonly status: "interrupted" };

const PROGRAM = import.meta.resolve("./participant.ts");

/**
 * Calls into C take their fast path in code of the top tier only, and short trials must reach it
 * soon. In Maglev's code one clock reading took 150 ns instead of 37, a 1-byte round trip through a
 * pipe 8.4 µs instead of 7.4. Compiled on the thread that needs it, a loop is warm when the warm-up
 * ends: with a compiler thread that had to share its CPU, one null call in six trials took 120 ns
 * instead of 5.7.
 */
const V8_FLAGS = [
  "--no-maglev",
  "--no-concurrent-recompilation",
  "--invocation-count-for-turbofan=300",
  "--invocation-count-for-osr=50",
  "--minimum-invocations-after-ic-update=50",
].join(",");

/** The arguments with which a participant is started: nothing but what it needs. */
export function launchArguments(): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    `--v8-flags=${V8_FLAGS}`,
    "--allow-ffi",
    `--allow-run=${Deno.execPath()}`,
    "--allow-read",
    PROGRAM,
  ];
}

/** How long after a peer's end the initiator may take to end too, milliseconds. */
const GRACE_MS = 2_000;

let signalsBlocked = false;

export interface TrialOptions {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** Of a stepwise visit: gets each result, while the participants sleep; rejecting ends the trial. */
  readonly onStep?: (result: CellResult) => Promise<void>;
}

/** Runs one trial. Rejects only when Deno itself cannot start a process. */
export async function runTrial(visit: Visit, options: TrialOptions): Promise<TrialEnd> {
  if (!signalsBlocked) {
    // The mask is inherited; set later, it would miss the participants' other threads.
    blockSignals(FACILITY_SIGNALS);
    signalsBlocked = true;
  }
  if (options.signal?.aborted) return { status: "interrupted" };
  const launch = launchArguments();
  const order: InitiatorOrder = { rank: 0, visit, coordinator: getpid(), launch };
  const child = new Deno.Command(Deno.execPath(), {
    args: [...launch, JSON.stringify(order)],
    // Deno looks for a newer version half a second after its start: sockets, and time on the CPU.
    env: { DENO_NO_UPDATE_CHECK: "1" },
    stdin: visit.stepwise ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const steps = visit.stepwise ? child.stdin.getWriter() : null;

  let cause: "deadline" | "interrupted" | "peer" | null = null;
  let peers: readonly number[] = [];
  const stop = (reason: NonNullable<typeof cause>) => {
    cause ??= reason;
    for (const pid of [child.pid, ...peers]) tryKill(pid);
  };
  const deadline = setTimeout(() => stop("deadline"), options.deadlineMs);
  const interrupt = () => stop("interrupted");
  options.signal?.addEventListener("abort", interrupt);

  const errors = new Response(child.stderr).text();
  let report: Report | null = null;
  const ended = Promise.withResolvers<void>();
  try {
    for await (const line of lines(child.stdout)) {
      const message = parse(line);
      if (message === null) break;
      if ("peers" in message) {
        peers = message.peers;
        for (const pid of peers) watch(pid, options.deadlineMs, ended.promise, () => stop("peer"));
      } else if ("step" in message) {
        await options.onStep?.(message.step).catch((error) => {
          stop("interrupted");
          throw error;
        });
        // Where the initiator has ended, its status tells how.
        await steps?.write(new Uint8Array(1)).catch(() => {});
      } else report = message;
    }
    const status = await child.status;
    if (report && cause !== "interrupted") return { status: "reported", report };
    if (cause === "interrupted") return { status: "interrupted" };
    const said = (await errors).trim().split("\n", 1)[0] ?? "";
    return { status: "failed", reason: reasonOf(cause, options.deadlineMs, status, said) };
  } finally {
    clearTimeout(deadline);
    options.signal?.removeEventListener("abort", interrupt);
    ended.resolve();
    // After an orderly end there is nothing left to kill or to remove.
    if (!report || cause) {
      for (const pid of peers) tryKill(pid);
      await Promise.all(peers.map((pid) => processEnded(pid, GRACE_MS)));
    }
    await errors;
    await steps?.close().catch(() => {});
    removeScope(visit.folder);
  }
}

function reasonOf(
  cause: string | null,
  deadlineMs: number,
  status: Deno.CommandStatus,
  said: string,
): string {
  if (cause === "deadline") return `the trial did not end within ${deadlineMs / 1000} s`;
  if (cause === "peer") return `a peer ended before its time${said && `: ${said}`}`;
  const how = status.signal ? `was killed by ${status.signal}` : `ended with code ${status.code}`;
  return `the initiator ${how}${said && `: ${said}`}`;
}

/** Calls back when a process ends and the trial does not end soon after. */
async function watch(
  pid: number,
  milliseconds: number,
  trialEnded: Promise<void>,
  callback: () => void,
): Promise<void> {
  if (!await processEnded(pid, milliseconds)) return;
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, GRACE_MS);
  await Promise.race([trialEnded.then(() => clearTimeout(timer)), late.promise.then(callback)]);
}

function tryKill(pid: number): void {
  try {
    kill(pid, SIGKILL);
  } catch {
    // It has ended.
  }
}

function parse(line: string): Report | PeersLine | StepLine | null {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

async function* lines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest) yield rest;
}
