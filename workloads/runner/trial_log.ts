/**
 * The trials of a cell in little memory: as objects, the hundred thousand of a thorough run take 40 MB,
 * here 10.
 *
 * @module
 */
import type { Trial, Warning } from "./document.ts";

/** Numbers of a trial, in this order: those of its controls are pairs, of before and after it. */
const WIDTH = 9;
const FIRST_CAPACITY = 4;

/** A control that was not measured. */
const NONE = [NaN, NaN] as const;

function pair(name: string, before: number, after: number): Record<string, [number, number]> {
  return Number.isNaN(before) ? {} : { [name]: [before, after] };
}

/** A list of trials that only grows. */
export class TrialLog {
  #numbers = new Float64Array(FIRST_CAPACITY * WIDTH);
  /** One array for all trials on the same CPUs. */
  readonly #cpus: number[][] = [];
  readonly #marks = new Map<number, Warning[]>();

  get length(): number {
    return this.#cpus.length;
  }

  push({ estimate, operations, seconds, cpus, controls, marks }: Trial): void {
    const at = this.length;
    if ((at + 1) * WIDTH > this.#numbers.length) {
      const larger = new Float64Array(2 * this.#numbers.length);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const { clockNs = NONE, syscallNs = NONE, spinNs = NONE } = controls ?? {};
    this.#numbers.set(
      [estimate, operations, seconds, ...clockNs, ...syscallNs, ...spinNs],
      at * WIDTH,
    );
    if (marks) this.#marks.set(at, marks);
    const last = this.#cpus.at(-1);
    this.#cpus.push(last?.join() === cpus.join() ? last : cpus);
  }

  /** All of them, made anew. */
  list(): Trial[] {
    return this.#cpus.map((cpus, at) => {
      const [estimate, operations, seconds, ...controls] = this.#numbers
        .subarray(at * WIDTH, (at + 1) * WIDTH) as unknown as number[];
      const [clock0, clock1, syscall0, syscall1, spin0, spin1] = controls;
      const marks = this.#marks.get(at);
      return {
        estimate: estimate!,
        operations: operations!,
        seconds: seconds!,
        cpus,
        controls: {
          ...pair("clockNs", clock0!, clock1!),
          ...pair("syscallNs", syscall0!, syscall1!),
          ...pair("spinNs", spin0!, spin1!),
        },
        ...(marks && { marks }),
      };
    });
  }
}
