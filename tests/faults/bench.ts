/** Runs of `bench` that something is done to, and what must be true of each of them afterwards. @module */
import { assert, assertEquals, assertNotMatch } from "@std/assert";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { parseRun } from "../../workloads/runner/run_file.ts";
import { permissions } from "../cli/command.ts";
import { fromFileUrl } from "../paths.ts";
import { participantsOf } from "../processes.ts";

const MAIN = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

/** Nothing may take longer; what does hangs. */
export const LONGEST_MS = 90_000;

export interface Ended {
  /** The exit code; 128 and the signal's number where it was killed. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command that runs in a process of its own. */
export class Running {
  readonly pid: number;
  /** Ids of initiators that were seen. */
  readonly initiators = new Set<number>();
  readonly #child: Deno.ChildProcess;
  readonly #ended: Promise<Ended>;
  #isOver = false;

  constructor(args: readonly string[], { temporary, prefix = [], env = {} }: {
    temporary: string;
    /** Words before the command: `prlimit`, `unshare`, ... */
    prefix?: readonly string[];
    env?: Record<string, string>;
  }) {
    const [program, ...words] = [
      ...prefix,
      Deno.execPath(),
      ...["run", "--quiet", "--no-prompt", ...permissions(), MAIN, ...args],
    ];
    this.#child = new Deno.Command(program!, {
      args: words,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      env: { TMPDIR: temporary, ...env },
    }).spawn();
    this.pid = this.#child.pid;
    this.#ended = this.#output();
  }

  async #output(): Promise<Ended> {
    const decoder = new TextDecoder();
    const { code, stdout, stderr } = await this.#child.output();
    this.#isOver = true;
    return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended.
    }
  }

  /** The participants alive now, the initiator first. */
  participants(): number[] {
    const found = participantsOf(this.pid);
    if (found[0] !== undefined) this.initiators.add(found[0]);
    return found;
  }

  /** Looks until the condition holds or the command has ended; tells which. */
  async until(condition: () => boolean): Promise<boolean> {
    const deadline = performance.now() + LONGEST_MS;
    while (!this.#isOver) {
      if (condition()) return true;
      assert(performance.now() < deadline, "it does nothing");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return false;
  }

  /** What it said in the end. A command that hangs is killed and fails the test. */
  async end(): Promise<Ended> {
    const timer = setTimeout(() => this.kill("SIGKILL"), LONGEST_MS);
    const started = performance.now();
    const ended = await this.#ended;
    clearTimeout(timer);
    assert(performance.now() - started < LONGEST_MS, `it hung: ${ended.out}${ended.err}`);
    return ended;
  }
}

/** Asserts that a command ended as one that copes: a known code, one clear line, no stack. */
export function assertCoped({ code, out, err }: Ended, codes: readonly number[]): void {
  const told = `exit code ${code}\n${out}\n${err}`;
  assert(codes.includes(code), `${told}\nexpected one of ${codes.join(", ")}`);
  assertNotMatch(out + err, /^\s+at .*:\d+:\d+|Uncaught|panicked|undefined|\[object/m, told);
  const lines = err === "" ? [] : err.trimEnd().split("\n");
  assert(lines.length <= 1 && lines.every((line) => line.startsWith("ipc-taxonomy: ")), told);
  // An error tells itself on stderr, or names the cells that failed on stdout.
  if (code === 2 || code === 4) assert(lines.length === 1 || /^failed: /m.test(out), told);
  else assertEquals(err, "", told);
}

/** The run document, which is whole where there is one. */
export async function readRun(path: string): Promise<RunDocument | null> {
  try {
    return parseRun(await Deno.readTextFile(path), path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Ids of the cells that are no control rows and have a figure. */
export function measuredCells(run: RunDocument): string[] {
  return run.cells.filter(({ control, status }) => !control && status === "measured")
    .map(({ id }) => id);
}
