/**
 * Progress with time left, one line on stderr that is rewritten; nothing when stderr is no terminal.
 *
 * @module
 */
import type { Progress } from "../workloads/runner/executor.ts";
import { tell } from "./standard_streams.ts";
import { terminalColumns } from "./terminal.ts";

/** Draws the line between trials, never during one. */
export class ProgressLine implements Disposable {
  readonly #shown = Deno.stderr.isTerminal();

  show({ trialsDone, trialsPlanned, secondsLeft, facility }: Progress): void {
    if (!this.#shown) return;
    const columns = terminalColumns();
    const width = Math.min(30, columns - 50);
    const filled = Math.round(width * trialsDone / trialsPlanned);
    const bar = width > 0 ? `${"█".repeat(filled)}${"░".repeat(width - filled)} ` : "";
    const text = `${bar}trial ${trialsDone + 1} of ${trialsPlanned}, ` +
      `${left(secondsLeft)} left, ${facility}`;
    tell(`\r${text.slice(0, columns - 1)}\x1b[K`);
  }

  [Symbol.dispose](): void {
    if (this.#shown) tell("\r\x1b[K");
  }
}

/** How many of so many are done, for work that takes no measured time. */
export class CountLine implements Disposable {
  readonly #shown = Deno.stderr.isTerminal();
  #last = -Infinity;

  constructor(readonly noun: string, readonly total: number) {}

  show(done: number): void {
    // A line for each of thousands would take longer than the work.
    if (!this.#shown || performance.now() - this.#last < 100) return;
    this.#last = performance.now();
    tell(`\r${this.noun} ${done + 1} of ${this.total}\x1b[K`);
  }

  [Symbol.dispose](): void {
    if (this.#shown) tell("\r\x1b[K");
  }
}

function left(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 90 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}
