/**
 * One child process of the gate: what it says, whether it hangs, and that a signal ends all of them.
 *
 * @module
 */
import { stripAnsiCode } from "@std/fmt/colors";

export interface Step {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Which lines of the output are shown; without it, all of them when it fails. */
  readonly shows?: (line: string) => boolean;
  /** Minutes without a word after which it is taken to hang; tests say when each begins and ends. */
  readonly silenceMinutes: number;
}

export interface Ended {
  readonly succeeded: boolean;
  readonly seconds: number;
  /** What is to be shown of it, with the line that says how it ended. */
  readonly lines: readonly string[];
}

interface Running {
  readonly process: Deno.ChildProcess;
  /** The line that it began last: the name of a test, while that runs. */
  unfinishedLine: string;
  /** When it last said something, on the clock of `performance.now()`. */
  heardAt: number;
}

const RUNNING = new Set<Running>();

/** Ends every child that runs now. */
export function stopAll(signal: Deno.Signal): void {
  for (const running of RUNNING) stop(running, signal);
}

/** Runs one step with this same Deno; `onLine` is given each line that is to be shown at once. */
export async function run(step: Step, onLine?: (line: string) => void): Promise<Ended> {
  const start = performance.now();
  const process = new Deno.Command(Deno.execPath(), {
    args: [...step.args],
    env: step.env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const running: Running = { process, unfinishedLine: "", heardAt: start };
  RUNNING.add(running);
  const [shown, kept]: [string[], string[]] = [[], []];
  const show = onLine ?? ((line: string) => shown.push(line));
  const take = (line: string) => {
    if (!step.shows) kept.push(line);
    else if (step.shows(stripAnsiCode(line))) show(line);
  };
  const output = [eachLine(process.stdout, running, take), eachLine(process.stderr, running, take)];
  const ended = Promise.all(output).then(() => process.status);
  const status = await unlessSilent(ended, running, step.silenceMinutes * 60_000);
  RUNNING.delete(running);
  const seconds = (performance.now() - start) / 1000;
  const words = `(${seconds.toFixed(1)} s)`;
  if (status === undefined) {
    stop(running, "SIGKILL");
    show(`${step.name}: FAILED, it hangs ${words} ${running.unfinishedLine}`);
    return { succeeded: false, seconds, lines: shown };
  }
  if (!status.success) kept.forEach(show);
  show(`${step.name}: ${status.success ? "ok" : "FAILED"} ${words}`);
  return { succeeded: status.success, seconds, lines: shown };
}

/** What a promise resolves to, or undefined once the child said nothing for so many milliseconds. */
async function unlessSilent<T>(
  promise: Promise<T>,
  running: Running,
  limit: number,
): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const left = running.heardAt + limit - performance.now();
    if (left <= 0) resolve(undefined);
    else timer = setTimeout(look, left);
  };
  look();
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Hands over each line of a stream, the last one too when no line feed ends it. */
async function eachLine(
  stream: ReadableStream<Uint8Array>,
  running: Running,
  take: (line: string) => void,
) {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    running.heardAt = performance.now();
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest !== "") running.unfinishedLine = rest;
    lines.forEach(take);
  }
  if (rest !== "") take(rest);
}

function stop({ process }: Running, signal: Deno.Signal): void {
  try {
    process.kill(signal);
  } catch {
    // It has ended by itself.
  }
}
