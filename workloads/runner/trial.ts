/**
 * A trial, seen from outside: starts the initiator, sleeps, and takes its report. Whatever happens,
 * the trial ends by its deadline and leaves nothing behind.
 *
 * @module
 */
import { stripAnsiCode } from "@std/fmt/colors";
import { readTextOf } from "../../facilities/libc/files.ts";
import { blockSignals, FACILITY_SIGNALS } from "../../facilities/libc/signal.ts";
import { memfdCreate } from "../../facilities/libc/sys_mman.ts";
import { close, getpid } from "../../facilities/libc/unistd.ts";
import { processArguments, PROCESSES } from "../../facilities/programs.ts";
import { removeScope } from "../../facilities/scope.ts";
import { moduleOf } from "../../facilities/taxonomy.ts";
import { moduleOfWorkload } from "../catalogue.ts";
import { COMPILING_FLAG } from "./compiled.ts";
import { oneLine, shortened } from "./foreign_text.ts";
import { createMailbox } from "./hand_over.ts";
import type { EndLine, InitiatorOrder, Modules, PeerOrder, StepLine } from "./participant.ts";
import { Rendezvous } from "./rendezvous.ts";
import { type CellResult, offeredFolder, type Visit } from "./visit.ts";

/** How a trial ended. */
export type TrialEnd =
  & {
    /** Of the cells that were measured before it ended. */
    readonly results: readonly CellResult[];
  }
  & (
    | { readonly status: "reported"; readonly report: EndLine["end"] }
    | { readonly status: "failed"; readonly reason: string }
    | { readonly status: "interrupted" }
  );

const PROGRAM = import.meta.resolve("./participant.ts");

/**
 * Calls into C take their fast path in code of the top tier only, and short trials must reach it
 * soon. In Maglev's code one clock reading took 150 ns instead of 37, a 1-byte round trip through a
 * pipe 8.4 µs instead of 7.4. Compiled on the thread that needs it, a loop is warm when the warm-up
 * ends: with a compiler thread that had to share its CPU, one null call in six trials took 120 ns
 * instead of 5.7.
 */
const V8_FLAGS = [
  COMPILING_FLAG,
  "--no-lazy-feedback-allocation",
  "--no-maglev",
  "--no-concurrent-recompilation",
  "--invocation-count-for-turbofan=300",
  "--invocation-count-for-osr=50",
  "--minimum-invocations-after-ic-update=50",
].join(",");

/** What a trial's processes are started with. */
export interface Launcher {
  /** The words before Deno, such as `chrt -f 50`. */
  readonly before: readonly string[];
  /** The Deno binary. */
  readonly deno: string;
}

/** Looking for a configuration and npm packages takes 2 to 7 ms; the suite's facilities need neither. */
const ALONE = ["--no-config", "--no-lock", "--no-npm"];
/** Asking a database for compiled code takes 5 ms more than compiling what little there is. */
const COMPILING_ANEW = "--no-code-cache";

/**
 * The arguments with which a participant is started: nothing but what it needs.
 *
 * @param alone whether all that it imports is the suite's own
 */
export function launchArguments(alone = true): string[] {
  return processArguments(PROCESSES.participant, PROGRAM, [
    "--quiet",
    "--no-prompt",
    ...(alone ? ALONE : []),
    COMPILING_ANEW,
    `--v8-flags=${V8_FLAGS}`,
    "--allow-ffi",
    "--allow-read",
  ]);
}

let signalsBlocked = false;

export interface TrialOptions {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  /** This same Deno and nothing before it when absent. */
  readonly launcher?: Launcher;
  /** Of a stepwise visit: gets each result, while the participants sleep; rejecting ends the trial. */
  readonly onStep?: (result: CellResult) => Promise<void>;
}

/** Runs one trial. Rejects only when `onStep` does. */
export async function runTrial(visit: Visit, options: TrialOptions): Promise<TrialEnd> {
  if (!signalsBlocked) {
    // The mask is inherited; set later, it would miss the participants' other threads.
    blockSignals(FACILITY_SIGNALS);
    signalsBlocked = true;
  }
  if (options.signal?.aborted) return { status: "interrupted", results: [] };
  let trial: RunningTrial;
  try {
    trial = new RunningTrial(visit, options);
  } catch (error) {
    const reason = `no participant could be started: ${messageOf(error)}`;
    return { status: "failed", reason, results: [] };
  }
  await using running = trial;
  return await running.end();
}

/** What ended a trial before its time. */
type Cause = "deadline" | "interrupted" | "peer";

/** How long after one participant's end the others may take to end too, milliseconds. */
const GRACE_MS = 2_000;

/** The initiator and its peers. */
class RunningTrial implements AsyncDisposable {
  readonly #visit: Visit;
  readonly #options: TrialOptions;
  readonly #child: Deno.ChildProcess;
  readonly #peers: readonly Deno.ChildProcess[];
  readonly #errors: Promise<string>;
  /** The initiator leaves its results here, where they outlive it. */
  readonly #saved: number;
  readonly #deadline: ReturnType<typeof setTimeout>;
  readonly #interrupt = () => this.#stop("interrupted");
  #late: ReturnType<typeof setTimeout> | undefined;
  #cause: Cause | null = null;

  /** @throws where the initiator cannot be started */
  constructor(visit: Visit, options: TrialOptions) {
    this.#visit = visit;
    this.#options = options;
    this.#saved = memfdCreate("ipc-taxonomy results");
    try {
      [this.#child, this.#peers] = start(visit, this.#saved, options.launcher);
    } catch (error) {
      close(this.#saved);
      throw error;
    }
    const said = [this.#child, ...this.#peers].map(({ stderr }) => new Response(stderr).text());
    this.#errors = Promise.all(said).then((all) => all.join("\n"));
    for (const { status } of this.#peers) {
      // The initiator may wait for it inside the facility.
      status.then(() => this.#late ??= setTimeout(() => this.#stop("peer"), GRACE_MS));
    }
    this.#deadline = setTimeout(() => this.#stop("deadline"), options.deadlineMs);
    options.signal?.addEventListener("abort", this.#interrupt);
  }

  async end(): Promise<TrialEnd> {
    let report: EndLine["end"] | null = null;
    const steps = this.#visit.stepwise ? this.#child.stdin.getWriter() : null;
    for await (const line of lines(this.#child.stdout)) {
      const message = parse(line);
      if (message === null) continue;
      if ("step" in message) {
        await this.#options.onStep?.(message.step).catch((error) => {
          this.#stop("interrupted");
          throw error;
        });
        // Where the initiator has ended, its status tells how.
        await steps?.write(new Uint8Array(1)).catch(() => {});
      } else {
        report = inOneLine(message.end);
        // A peer may be inside the facility and never come back.
        this.#late ??= setTimeout(() => this.#stop("peer"), GRACE_MS);
      }
    }
    const status = await this.#child.status;
    await steps?.close().catch(() => {});
    const results = this.#results();
    if (this.#cause === "interrupted") return { status: "interrupted", results };
    if (report) return { status: "reported", report, results };
    // What they have said is all there is; they may wait for the initiator for ever.
    this.#peers.forEach(kill);
    return { status: "failed", reason: await this.#reasonOf(status), results };
  }

  #results(): CellResult[] {
    const saved = readTextOf(this.#saved).split("\n");
    // What follows the last line feed was cut off by the initiator's end.
    return saved.slice(0, -1).map((line) => JSON.parse(line));
  }

  async #reasonOf(status: Deno.CommandStatus): Promise<string> {
    const said = firstLine(await this.#errors);
    const { deadlineMs } = this.#options;
    if (this.#cause === "deadline") return `the trial did not end within ${deadlineMs / 1000} s`;
    if (this.#cause === "peer") return `a peer ended before its time${said}`;
    const how = status.signal ? `was killed by ${status.signal}` : `ended with code ${status.code}`;
    return `the initiator ${how}${said}`;
  }

  #stop(cause: Cause): void {
    this.#cause ??= cause;
    for (const participant of [...this.#peers, this.#child]) kill(participant);
  }

  /** Whatever happened, nobody who took part lives any more, and nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#deadline);
    clearTimeout(this.#late);
    this.#options.signal?.removeEventListener("abort", this.#interrupt);
    await this.#child.status;
    this.#peers.forEach(kill);
    for (const { status } of this.#peers) await status;
    // One of them may have ended meanwhile.
    clearTimeout(this.#late);
    await this.#errors;
    close(this.#saved);
    const { folder, setups } = this.#visit;
    removeScope(folder);
    for (const [index, { offered }] of setups.entries()) {
      if (offered) removeScope(offeredFolder(folder, index));
    }
  }
}

function kill(participant: Deno.ChildProcess): void {
  try {
    participant.kill("SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Starts all processes of a visit at the same time. */
function start(
  visit: Visit,
  results: number,
  launcher: Launcher = { before: [], deno: Deno.execPath() },
): [initiator: Deno.ChildProcess, peers: Deno.ChildProcess[]] {
  using inherited = new DisposableStack();
  const rendezvous = inherited.use(Rendezvous.create()).fd;
  const peers = visit.participants === "process" ? visit.count - 1 : 0;
  const mailboxes = Array.from({ length: peers }, () => {
    const ends = createMailbox();
    for (const end of ends) inherited.adopt(end, close);
    return ends;
  });
  const common = { visit, modules: modulesOf(visit), coordinator: getpid(), rendezvous };
  const started: Deno.ChildProcess[] = [];
  try {
    const initiator: InitiatorOrder = {
      ...common,
      ...{ rank: 0, results, mailboxes: mailboxes.map(([end]) => end) },
    };
    started.push(participant(launcher, initiator, visit.stepwise ? "piped" : "null", "piped"));
    for (const [at, [, mailbox]] of mailboxes.entries()) {
      const peer: PeerOrder = { ...common, rank: at + 1, mailbox };
      started.push(participant(launcher, peer, "null", "null"));
    }
  } catch (error) {
    for (const each of started) {
      kill(each);
      void each.stderr.cancel();
      if (each === started[0]) void each.stdout.cancel();
    }
    throw error;
  }
  return [started[0]!, started.slice(1)];
}

function participant(
  { before, deno }: Launcher,
  order: InitiatorOrder | PeerOrder,
  stdin: "piped" | "null",
  stdout: "piped" | "null",
): Deno.ChildProcess {
  const [command = deno, ...words] = [...before, deno];
  return new Deno.Command(command, {
    args: [...words, ...launchArguments(isOwn(order.visit.facility)), JSON.stringify(order)],
    // Deno looks for a newer version half a second after its start: sockets, and time on the CPU.
    env: { DENO_NO_UPDATE_CHECK: "1" },
    ...{ stdin, stdout, stderr: "piped" },
  }).spawn();
}

/** Whether a facility is the suite's, and not a module of somebody who may import anything. */
function isOwn(facility: string | null): boolean {
  return facility === null || !facility.includes(":");
}

function modulesOf({ facility, cells }: Visit): Modules {
  return {
    facility: facility === null ? null : moduleOf(facility),
    workloads: Object.fromEntries(
      cells.map(({ workload }) => [workload, moduleOfWorkload(workload)]),
    ),
  };
}

const LONGEST_QUOTE = 300;

/** What a participant said first, in words: `: ...`. */
function firstLine(errors: string): string {
  const line = stripAnsiCode(errors).split("\n").find((each) => /[a-z]/i.test(each))?.trim();
  return line ? `: ${oneLine(shortened(line, LONGEST_QUOTE))}` : "";
}

/** A facility's module may say anything in its errors. */
function inOneLine({ unavailable, aborted }: EndLine["end"]): EndLine["end"] {
  return {
    unavailable: unavailable.map((each) => ({ ...each, message: oneLine(each.message) })),
    aborted: aborted === null ? null : oneLine(aborted),
  };
}

/** A message of the initiator; null for what else a facility's module may print. */
function parse(line: string): EndLine | StepLine | null {
  try {
    const message = JSON.parse(line);
    const isMessage = typeof message?.step?.id === "string" ||
      Array.isArray(message?.end?.unavailable);
    return isMessage ? message : null;
  } catch {
    return null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
