/**
 * The gate: formatting, lint, types, tests and (where there is one) the soak of the project in the working directory.
 *
 * With arguments, only the tests run, and `deno test` gets the arguments. The last line is `N passed, N failed`, counted
 * out of the JUnit report; any other step that fails counts as one failed.
 */
import { stripAnsiCode } from "@std/fmt/colors";
import { type Tally, tally } from "./junit.ts";

/** A step that says nothing for so long hangs; tests say when each begins and ends. */
const SILENCE_MINUTES = 10;

/** All: the browser's driver looks at /proc/sys, which Deno opens to nobody else. */
const PERMISSIONS = ["--allow-all", "--no-prompt"];

interface Step {
  name: string;
  args: string[];
  /** Which lines of the output are shown while the step runs; without it, all of them when it fails. */
  shows?: (line: string) => boolean;
}

const CHECKS: Step[] = [
  { name: "fmt", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint"] },
  { name: "check", args: ["check", "--quiet", "."] },
];

const SOAK: Step = { name: "soak", args: ["task", "soak", "--for", "2m"] };

/** The child of the moment, and the line that it began last: the name of a test, while that runs. */
const running: {
  process?: Deno.ChildProcess;
  unfinishedLine: string;
  /** When it last said something, on the clock of `performance.now()`. */
  heardAt: number;
  /** The exit code that a signal asks for. */
  interrupted?: number;
} = { unfinishedLine: "", heardAt: 0 };

if (import.meta.main) {
  Deno.addSignalListener("SIGINT", () => interrupt(130));
  Deno.addSignalListener("SIGTERM", () => interrupt(143));
  const args = Deno.args[0] === "--" ? Deno.args.slice(1) : Deno.args;
  Deno.exit(await gate(args));
}

/** Ends the step of the moment; no other begins. A second signal ends the gate at once. */
function interrupt(code: number): void {
  if (running.interrupted) Deno.exit(code);
  running.interrupted = code;
  stop("SIGTERM");
}

/** Runs the steps, prints the totals, and returns the exit code. */
async function gate(args: string[]): Promise<number> {
  const whole = args.length === 0;
  let failed = 0;
  for (const step of whole ? CHECKS : []) failed += await fails(step);
  const tests = await test(whole ? ["--no-check", "tests/"] : args, whole);
  if (whole && hasTask("soak")) failed += await fails(SOAK);
  failed += tests.failed;
  console.log(`${tests.passed} passed, ${failed} failed`);
  return running.interrupted ?? (failed === 0 ? 0 : 1);
}

async function fails(step: Step): Promise<0 | 1> {
  return await runs(step) ? 0 : 1;
}

async function test(args: string[], brief: boolean): Promise<Tally> {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-gate-" });
  const report = `${folder}/junit.xml`;
  try {
    const shows = (line: string) => !brief || !/ \.\.\.(?: ok \(.*\))?$/.test(line);
    const command = ["test", ...PERMISSIONS, `--junit-path=${report}`, ...args];
    const succeeded = await runs({ name: "test", args: command, shows });
    return judged(tally(await read(report)), succeeded);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A run of tests also fails when it ran none, or failed outside of all of them. */
function judged(counts: Tally, succeeded: boolean): Tally {
  const slowest = counts.files.slice(0, 5).filter(({ seconds }) => seconds >= 5);
  for (const { path, seconds } of slowest) console.log(`  ${seconds.toFixed(0)} s in ${path}`);
  if (counts.ignored > 0) console.log(`  ${counts.ignored} ignored`);
  if (succeeded && counts.passed + counts.failed > 0) return counts;
  if (counts.failed > 0) return counts;
  console.log(succeeded ? "  no test ran" : "  failed outside of the tests, or before they ran");
  return { ...counts, failed: 1 };
}

/** Runs one step with this same Deno, prints one line about it, and tells whether it succeeded. */
async function runs(step: Step): Promise<boolean> {
  if (running.interrupted) return false;
  const start = performance.now();
  const process = new Deno.Command(Deno.execPath(), {
    args: step.args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  running.process = process;
  running.heardAt = start;
  const kept: string[] = [];
  const take = (line: string) => {
    if (!step.shows) kept.push(line);
    else if (step.shows(stripAnsiCode(line))) console.log(line);
  };
  const output = [eachLine(process.stdout, take), eachLine(process.stderr, take)];
  const ended = Promise.all(output).then(() => process.status);
  const status = await unlessSilent(ended, SILENCE_MINUTES * 60_000);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (status === undefined) {
    stop("SIGKILL");
    console.log(`${step.name}: FAILED, it hangs (${seconds} s) ${running.unfinishedLine}`);
    return false;
  }
  if (!status.success) kept.forEach((line) => console.log(line));
  console.log(`${step.name}: ${status.success ? "ok" : "FAILED"} (${seconds} s)`);
  return status.success;
}

/** What a promise resolves to, or undefined once the child said nothing for so many milliseconds. */
async function unlessSilent<T>(promise: Promise<T>, limit: number): Promise<T | undefined> {
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
async function eachLine(stream: ReadableStream<Uint8Array>, take: (line: string) => void) {
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

function stop(signal: Deno.Signal): void {
  try {
    running.process?.kill(signal);
  } catch {
    // It has ended by itself.
  }
}

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function hasTask(name: string): boolean {
  return name in (JSON.parse(Deno.readTextFileSync("deno.json")).tasks ?? {});
}
