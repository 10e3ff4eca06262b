/**
 * What a claim is: a statement of the taxonomy, and the experiment that proves it of a facility.
 *
 * @module
 */
import type { Facility, Participants } from "../../facilities/facility.ts";
import type { ErrnoName } from "../../facilities/libc/errno.ts";
import type { Context } from "./context.ts";
import { type Obstacle, obstacleIn } from "./obstacle.ts";
import type { Refusal } from "./refusal.ts";

/** One statement of the taxonomy. */
export interface Claim {
  /** Lower case, words joined by hyphens. */
  readonly id: string;
  readonly statement: string;
  /** The section of the taxonomy that it rests on, for example `43.2`. */
  readonly section: string;
  /** What an experiment must show, in a few words. */
  readonly experimentTitle: string;
  /** Who takes part. @default "process" */
  readonly participants?: Participants;
  /** What the facility declares of the property that the statement is about: `posix-name`, `blocks`. */
  value?(facility: Facility): string;
  /** Why the statement says nothing about the facility, by its declared semantics; null: it does. */
  inapplicable(facility: Facility): string | null;
  /**
   * Rejects where what should have happened did not. That is a failure of the claim, unless the error
   * tells of an obstacle (`obstacleIn`).
   */
  experiment(facility: Facility, context: Context): Promise<Finding>;
}

/** What an experiment found. */
export interface Finding {
  /** `fails` only where what was observed contradicts the statement; `unknown`: it could not be tried. */
  readonly verdict: "holds" | "fails" | "not-applicable" | "unknown";
  readonly expected: string;
  readonly observed: string;
  /** Why it does not apply, or could not be tried and what would help; else what was also seen. */
  readonly reason?: string;
}

type Plain = string | number | boolean | null | readonly Plain[];

/** Collects what was expected and what was seen instead or indeed, step by step. */
export class Evidence {
  readonly #steps: { what: string; expected: string; observed: string }[] = [];
  readonly #notes: string[] = [];

  /** A step of the experiment: holds where both are alike. */
  expect(what: string, expected: Plain, observed: Plain): this {
    this.#steps.push({ what, expected: show(expected), observed: show(observed) });
    return this;
  }

  /** What else was seen. */
  note(text: string): this {
    this.#notes.push(text);
    return this;
  }

  finding(): Finding {
    const line = (side: "expected" | "observed") =>
      this.#steps.map((step) => `${step.what}: ${step[side]}`).join("; ");
    const holds = this.#steps.length > 0 &&
      this.#steps.every(({ expected, observed }) => expected === observed);
    return {
      verdict: holds ? "holds" : "fails",
      expected: line("expected"),
      observed: line("observed"),
      ...(this.#notes.length > 0 && { reason: this.#notes.join("; ") }),
    };
  }
}

/** The experiment could not be made here. */
export function cannotTry(expected: string, { what, remedy }: Obstacle): Finding {
  const reason = [what, remedy].filter((part) => part !== null).join("; ");
  return { verdict: "unknown", expected, observed: "not tried", reason };
}

/** The statement says nothing about the facility. */
export function notApplicable(reason: string): Finding {
  return { verdict: "not-applicable", expected: "-", observed: "-", reason };
}

function show(value: Plain): string {
  if (Array.isArray(value)) return value.map((each) => show(each)).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * The promise's value as text, or the name of the error that it ended with.
 *
 * @param expected errors that are an observation here, though elsewhere they would be an obstacle
 * @throws whatever tells of an obstacle
 */
export async function outcome(
  promise: Promise<Plain | void>,
  ...expected: readonly ErrnoName[]
): Promise<string> {
  try {
    return show((await promise) ?? "success");
  } catch (error) {
    const { code, name } = error as Refusal;
    if (!expected.some((each) => each === code) && obstacleIn(error)) throw error;
    return code ?? name;
  }
}
